import { bytesToHex } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { codecOf } from "../schema/codec.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { createOverlay } from "../store/overlay.ts";
import type { StateReader } from "../store/state-store.ts";
import { chain, type Genesis } from "./genesis.ts";
import { parameters, validators } from "./parameters.ts";
import { version as versionRecord } from "./upgrades.ts";
import type { CompiledVersion } from "./version.ts";

/** The first state of a network, as changes on an empty one. Throws Error with the path of what does not fit in the genesis document. */
export function initialiseState(founding: {
  genesis: Genesis;
  crypto: CryptoProvider;
  state: StateReader;
  version: CompiledVersion;
}): ReturnType<typeof createOverlay> {
  const { genesis, crypto, version } = founding;
  const state = createOverlay(founding.state);
  const context = { chainId: genesis.chainId, height: 0, time: genesis.genesisTime, crypto, state, emit: () => {} };
  try {
    chain.set(context, "current", { chainId: genesis.chainId, genesisHash: genesisHash(genesis, crypto) });
    parameters.set(context, "current", genesis.parameters);
    validators.set(context, "current", { validators: genesis.validators });
    versionRecord.set(context, "current", { version: genesis.version });
    for (const { name, genesis: part } of version.modules) {
      if (!part) continue;
      const document = genesis.modules[name];
      codecOf(part.schema).encode(document as never); // refuses what does not fit
      part.initialise(context, document as never);
    }
  } catch (error) {
    if (error instanceof SchemaError) throw new Error(`the genesis document does not fit: ${error.message}`);
    throw error;
  }
  return state;
}

/** SHA-256 over the document's JSON with sorted keys: the network's identity beyond its name. */
function genesisHash(genesis: Genesis, crypto: CryptoProvider): string {
  return bytesToHex(crypto.sha256(encodeUtf8(sortedJson(genesis))!));
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
