import { type Static, Type } from "typebox";
import { bytesToHex } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { BlockTime, Hash, Height, List, Text } from "../schema/types.ts";
import { defineCollection } from "./collection.ts";
import { Parameters, Validator } from "./parameters.ts";

/** Written out: TypeBox's own record brings its whole engine of type operators into every bundle, ten times what the schemas need. */
const ModuleParts = Type.Unsafe<Record<string, unknown>>({ type: "object", patternProperties: { "^.*$": {} } });

/** The chain that a network goes on from, as it stood after its last block. */
export const Predecessor = Type.Object({ chainId: Text(50), genesisHash: Hash, height: Height, appHash: Hash });

/**
 * The document from which a network starts. `modules` holds each module's part under its name. With a `predecessor` its state is where the network
 * starts, and only the validators have a part.
 */
export const Genesis = Type.Object({
  chainId: Text(50, { description: "name of the network; signatures are bound to it" }),
  genesisTime: BlockTime,
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  validators: List(Validator, { minItems: 1, maxItems: 128 }),
  parameters: Parameters,
  modules: ModuleParts,
  predecessor: Type.Optional(Predecessor),
});
export type Genesis = Static<typeof Genesis>;

const Chain = Type.Object({ chainId: Text(50), genesisHash: Hash });
/** `ledger/chain/current`: which network this state belongs to. */
export const chain = defineCollection<["current"], typeof Chain>("ledger/chain", Chain);

/** SHA-256 over the document's JSON with sorted keys: the network's identity beyond its name. */
export function genesisHash(genesis: Genesis, crypto: CryptoProvider): string {
  return hashOf(genesis, crypto);
}

function hashOf(document: object, crypto: CryptoProvider): string {
  return bytesToHex(crypto.sha256(encodeUtf8(sortedJson(document))!));
}

/** A successor's document before its predecessor has ended: without what follows from the end. */
export type Successor = Omit<Genesis, "predecessor" | "genesisTime">;

/** What a chain that ends names as its successor. */
export function successorHash({ chainId, version, validators, parameters, modules }: Successor, crypto: CryptoProvider): string {
  return hashOf({ chainId, version, validators, parameters, modules }, crypto);
}

/** Height of a network's first block. */
export function initialHeight({ predecessor }: Pick<Genesis, "predecessor">): number {
  return (predecessor?.height ?? 0) + 1;
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
