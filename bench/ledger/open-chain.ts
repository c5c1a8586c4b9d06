import { sign } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { openEmbeddedEngine } from "@galen/engines/embedded/embedded-engine";
import { openLastSignedFiles } from "@galen/engines/embedded/last-signed-file";
import type { Engine } from "@galen/engines/engine";
import { openLedger } from "@galen/ledger/app/ledger";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { fromMilliseconds } from "@galen/ledger/block/timestamp";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { nativeCrypto } from "@galen/node/crypto/native";
import { createSignaturePool } from "@galen/node/signatures/signature-pool";
import { openLevelStore } from "@galen/node/store/level-store";
import { CHAIN_ID, keys } from "./payers.ts";
import { paymentsVersion } from "./payments.ts";

/** A one-validator chain on the disk, with the parts that a node has: LevelDB, last-signed files, a verifying thread. */
export interface BenchChain {
  readonly engine: Engine;
  close(): Promise<void>;
}

/** Opens the chain in `folder`, or founds it there. */
export async function openChain(folder: string): Promise<BenchChain> {
  await mkdir(`${folder}/state`, { recursive: true });
  const kv = await openLevelStore(`${folder}/state`);
  const versions = [paymentsVersion];
  const validator = keys[0]!;
  const genesis = {
    chainId: CHAIN_ID,
    genesisTime: 1_700_000_000_000,
    version: 1,
    validators: [{ publicKey: validator.publicKey, power: 1 }],
    parameters: defaultParameters,
    modules: { payments: { publicKeys: keys.map(({ publicKey }) => publicKey) } },
  };
  const ledger = await openLedger({ kv, crypto: nativeCrypto, versions, genesis });
  const lastSigned = await openLastSignedFiles(folder);
  const pool = createSignaturePool({ workers: 1 });
  const engine = await openEmbeddedEngine({
    ledger,
    kv,
    crypto: nativeCrypto,
    versions,
    genesis,
    lastSigned,
    signer: { publicKey: hexToBytes(validator.publicKey)!, sign: (bytes) => sign(null, bytes, validator.secret) },
    clock: () => fromMilliseconds(Date.now()),
    verifySignatures: pool.verify,
  });
  return {
    engine,
    async close() {
      await engine.stop();
      await pool.close();
      await lastSigned.close();
      await kv.close();
    },
  };
}
