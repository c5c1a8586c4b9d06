import type { CryptoProvider } from "../crypto/provider.ts";
import { codecOf } from "../schema/codec.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { createOverlay } from "../store/overlay.ts";
import type { StateReader } from "../store/state-store.ts";
import { chain, type Genesis, genesisHash } from "./genesis.ts";
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
      if (document === undefined && part.absent) {
        part.absent(context);
        continue;
      }
      codecOf(part.schema).encode(document); // refuses what does not fit
      part.initialise(context, document as never);
    }
  } catch (error) {
    if (error instanceof SchemaError) throw new Error(`the genesis document does not fit: ${error.message}`);
    throw error;
  }
  return state;
}
