/** A value and where it differs from the original. */
export interface Mutant<T> {
  readonly path: string;
  readonly value: T;
}

/** Every value that differs from `value` in one place: a number by one, a byte string or text by a bit or a unit, a list by an item. */
export function mutants<T>(value: T): Mutant<T>[] {
  return mutantsAt(value, "") as Mutant<T>[];
}

function mutantsAt(value: unknown, path: string): Mutant<unknown>[] {
  if (typeof value === "number") return [{ path, value: value + 1 }];
  if (typeof value === "bigint") return [{ path, value: value + 1n }];
  if (typeof value === "string") return [{ path, value: `${value}x` }];
  if (value instanceof Uint8Array) return byteMutants(value, path);
  const parts = Object.entries(value as object).flatMap(([key, part]) =>
    mutantsAt(part, `${path}/${key}`).map((mutant) => ({ path: mutant.path, value: replace(value as object, key, mutant.value) })),
  );
  if (!Array.isArray(value)) return parts;
  return [...parts, { path: `${path}/shorter`, value: value.slice(0, -1) }, { path: `${path}/longer`, value: [...value, value[0]] }];
}

function byteMutants(bytes: Uint8Array, path: string): Mutant<Uint8Array>[] {
  const longer = { path: `${path}/longer`, value: Uint8Array.of(...bytes, 0) };
  if (bytes.length === 0) return [longer];
  return [longer, { path: `${path}/bit`, value: bytes.with(0, bytes[0]! ^ 1) }, { path: `${path}/empty`, value: bytes.slice(0, 0) }];
}

function replace(whole: object, key: string, part: unknown): unknown {
  return Array.isArray(whole) ? whole.with(Number(key), part) : { ...whole, [key]: part };
}
