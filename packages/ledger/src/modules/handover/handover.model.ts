import fc from "fast-check";

export const names = ["test-chain", "second", "third"] as const;

/** A transaction, or the begin of a chain after the one that ended. */
export type Operation =
  | {
      readonly kind: "announce" | "announceAndRegister";
      readonly signers: readonly ("north" | "ann")[];
      readonly successor: (typeof names)[number];
    }
  | { readonly kind: "register"; readonly signers: readonly ["north"] }
  | { readonly kind: "succeed"; readonly successor: (typeof names)[number] };

/** Which chain goes on, which one it has named, and how many kinds of tokens were registered on all of them. */
export interface Model {
  chainId: string;
  announced: string | undefined;
  registered: number;
}

export function createModel(): Model {
  return { chainId: names[0], announced: undefined, registered: 0 };
}

const signers = fc.constantFrom(["north"] as const, ["ann"] as const, ["north", "ann"] as const);
const successor = fc.constantFrom(...names);
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("announce", "announce", "announceAndRegister"), signers, successor }),
  fc.record({ kind: fc.constant("register"), signers: fc.constant(["north"] as const) }),
  fc.record({ kind: fc.constant("succeed"), successor }),
);

/** Applies an operation; returns the refusal's id, `refused` for a chain that must not begin, undefined for success. */
export function apply(model: Model, operation: Operation): string | undefined {
  if (operation.kind === "succeed") {
    if (model.announced !== operation.successor) return "refused";
    model.chainId = operation.successor;
    model.announced = undefined;
    return undefined;
  }
  // An ended chain takes nothing but the name of another successor, alone.
  const isRenaming = operation.kind === "announce" && operation.successor !== model.announced;
  if (model.announced !== undefined && !isRenaming) return "handover/ChainEnded";
  if (operation.kind === "register") {
    model.registered += 1;
    return undefined;
  }
  if (!operation.signers.some((signer) => signer === "north")) return "governance/NotDecided";
  if (operation.successor === model.chainId) return "handover/SameName";
  if (operation.kind === "announceAndRegister") return "handover/ChainEnded";
  model.announced = operation.successor;
  return undefined;
}
