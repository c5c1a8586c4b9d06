import fc from "fast-check";
import { MAX_SUPPLY } from "./schema.ts";
import { potNames } from "./testing/escrow-module.ts";

export const holders = ["north", "ann", "bob"] as const;
export const kinds = ["shares", "points"] as const;

/** A transaction of one message. `signer` signs; decisions belong to north, the only member. */
export interface Operation {
  readonly kind: "register" | "mint" | "transfer" | "hold" | "release" | "move" | "burn";
  readonly signer: string;
  readonly tokenKind: string;
  readonly from: string;
  readonly to: string;
  readonly pot: string;
  readonly otherPot: string;
  readonly amount: number;
}

/** Where tokens lie, by `kind/place`; a place is an account's name or a pot's. */
export interface Model {
  readonly registered: Set<string>;
  readonly places: Map<string, number>;
}

export function createModel(): Model {
  return { registered: new Set(), places: new Map() };
}

export const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom("register", "mint", "mint", "transfer", "transfer", "hold", "hold", "release", "move", "burn"),
  signer: fc.constantFrom("north", ...holders),
  tokenKind: fc.constantFrom(...kinds),
  from: fc.constantFrom(...holders),
  to: fc.constantFrom(...holders),
  pot: fc.constantFrom(...potNames),
  otherPot: fc.constantFrom(...potNames),
  amount: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(MAX_SUPPLY, MAX_SUPPLY - 20)),
});

export function supplyOf({ places }: Model, tokenKind: string): number {
  return [...places].filter(([place]) => place.startsWith(`${tokenKind}/`)).reduce((sum, [, amount]) => sum + amount, 0);
}

/** Applies an operation; returns the id of the refusal that must be the answer, undefined for success. */
export function apply(model: Model, operation: Operation): string | undefined {
  const { kind, signer, tokenKind, from, to, pot, otherPot, amount } = operation;
  const isKnown = model.registered.has(tokenKind);
  switch (kind) {
    case "register":
      if (signer !== "north") return "governance/NotDecided";
      if (isKnown) return "tokens/KindExists";
      model.registered.add(tokenKind);
      return undefined;
    case "mint":
      if (signer !== "north") return "governance/NotDecided";
      if (!isKnown) return "tokens/UnknownKind";
      if (supplyOf(model, tokenKind) + amount > MAX_SUPPLY) return "tokens/SupplyExceeded";
      add(model, tokenKind, to, amount);
      return undefined;
    case "transfer":
      if (signer !== from) return "tokens/NotHolder";
      if (!isKnown) return "tokens/UnknownKind";
      if (from === to) return "tokens/SameAccount";
      return move(model, tokenKind, { from, to, amount }) ? undefined : "tokens/InsufficientBalance";
    case "hold":
      if (!isKnown) return "tokens/UnknownKind";
      return move(model, tokenKind, { from, to: pot, amount }) ? undefined : "tokens/InsufficientBalance";
    case "release":
      return move(model, tokenKind, { from: pot, to: from, amount }) ? undefined : "escrow/TooFew";
    case "move":
      return move(model, tokenKind, { from: pot, to: otherPot, amount }) ? undefined : "escrow/TooFew";
    case "burn":
      return move(model, tokenKind, { from: pot, to: undefined, amount }) ? undefined : "escrow/TooFew";
  }
}

function move(model: Model, tokenKind: string, { from, to, amount }: { from: string; to: string | undefined; amount: number }): boolean {
  if ((model.places.get(`${tokenKind}/${from}`) ?? 0) < amount) return false;
  add(model, tokenKind, from, -amount);
  if (to !== undefined) add(model, tokenKind, to, amount);
  return true;
}

function add({ places }: Model, tokenKind: string, place: string, amount: number): void {
  const key = `${tokenKind}/${place}`;
  places.set(key, (places.get(key) ?? 0) + amount);
}
