import { type Static, Type } from "typebox";
import { bytesToHex } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { BlockTime, Hash, List, Text } from "../schema/types.ts";
import { defineCollection } from "./collection.ts";
import { Parameters, Validator } from "./parameters.ts";

/** Written out: TypeBox's own record brings its whole engine of type operators into every bundle, ten times what the schemas need. */
const ModuleParts = Type.Unsafe<Record<string, unknown>>({ type: "object", patternProperties: { "^.*$": {} } });

/** The document from which a network starts. `modules` holds each module's part under its name. */
export const Genesis = Type.Object({
  chainId: Text(50, { description: "name of the network; signatures are bound to it" }),
  genesisTime: BlockTime,
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  validators: List(Validator, { minItems: 1, maxItems: 128 }),
  parameters: Parameters,
  modules: ModuleParts,
});
export type Genesis = Static<typeof Genesis>;

const Chain = Type.Object({ chainId: Text(50), genesisHash: Hash });
/** `ledger/chain/current`: which network this state belongs to. */
export const chain = defineCollection<["current"], typeof Chain>("ledger/chain", Chain);

/** SHA-256 over the document's JSON with sorted keys: the network's identity beyond its name. */
export function genesisHash(genesis: Genesis, crypto: CryptoProvider): string {
  return bytesToHex(crypto.sha256(encodeUtf8(sortedJson(genesis))!));
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
