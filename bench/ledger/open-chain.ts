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

/** What an operator would set for so many accounts: the goals allow 1.5 GB in all for 10^6 of them and 2 GB for 10^7. */
const CACHE_BYTES_FROM_MANY = 832 * 2 ** 20;
const MANY_ACCOUNTS = 10_000_000;

/** Opens the chain in `folder`, or founds it there; from 10^7 `accounts` on with a larger cache. */
export async function openChain(folder: string, accounts: number): Promise<BenchChain> {
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
  const larger = accounts >= MANY_ACCOUNTS ? { cacheBytes: CACHE_BYTES_FROM_MANY } : {};
  const ledger = await openLedger({ kv, crypto: nativeCrypto, versions, genesis, ...larger });
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
    report(error) {
      throw error;
    },
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
