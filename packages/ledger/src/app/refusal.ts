/** Facts that belong to a refusal; never a name, number or diagnosis of a person. */
export type Details = Readonly<Record<string, string | number | boolean>>;

/** One way of saying no. `code` is part of consensus, `id` of the API; neither is ever reused. */
export interface RefusalKind {
  /** `module/Condition`. */
  readonly id: string;
  readonly module: string;
  /** The module's base plus a number from 1; the order of the table is the order in which guards are checked. */
  readonly code: number;
  /** HTTP status with which the API answers. */
  readonly status: number;
  /** What is wrong and what to do, for a nurse or a programmer. */
  readonly sentence: string;
}

/** An expected refusal: the transaction leaves no trace but this. Anything else that a handler throws is our own bug. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly kind: RefusalKind;
  readonly details: Details;

  constructor(kind: RefusalKind, details: Details = {}) {
    super(`${kind.id}: ${kind.sentence}`);
    this.kind = kind;
    this.details = details;
  }
}

type ErrorTable = Readonly<Record<string, readonly [number: number, status: number, sentence: string]>>;
export type Errors<T extends ErrorTable> = {
  readonly [Name in keyof T]: ((details?: Details) => Refusal) & { readonly kind: RefusalKind };
};

/**
 * Defines a module's refusals: `name: [number, HTTP status, sentence]`. `throw errors.NotOwner({ objectId })` refuses,
 * `errors.NotOwner.kind` is the table row. `base` is the module's own thousand, so that codes are unique on the ledger.
 */
export function defineErrors<const T extends ErrorTable>(module: string, base: number, table: T): Errors<T> {
  const codes = new Set<number>();
  const entries = Object.entries(table).map(([name, [number, status, sentence]]) => {
    if (!Number.isInteger(number) || number < 1 || number > 999 || codes.has(number))
      throw new Error(`${module}/${name}: ${number} is not a new number from 1 to 999`);
    codes.add(number);
    const kind: RefusalKind = { id: `${module}/${name}`, module, code: base + number, status, sentence };
    return [name, Object.assign((details?: Details) => new Refusal(kind, details), { kind })] as const;
  });
  return Object.fromEntries(entries) as unknown as Errors<T>;
}
