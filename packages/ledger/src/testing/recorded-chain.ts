import { noFacts } from "../app/block-facts.ts";
import type { Genesis } from "../app/genesis.ts";
import { openLedger } from "../app/ledger.ts";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { ledgerVersions } from "../modules/index.ts";
import { foundVaultTown, GENERAL, grantMessage, requestMessage, sealedObject } from "../modules/vault/testing/scene.ts";
import { createMemoryStore } from "../store/memory.ts";
import { expectDone, LICENCE_ID } from "./actors.ts";
import { type ExecutedBlock, testBytes } from "./chain.ts";

/** A chain as data, for any implementation: what went in, and what must come out at every height. Bytes are hexadecimal. */
export interface RecordedChain {
  readonly genesis: Genesis;
  readonly blocks: readonly RecordedBlock[];
}

export interface RecordedBlock {
  readonly height: number;
  readonly time: number;
  readonly txs: readonly string[];
  readonly results: readonly { readonly code: number; readonly data: string }[];
  readonly appHash: string;
}

/** The story of one document, from the founding to a suspended licence; the same bytes every time. */
export async function recordChain(): Promise<RecordedChain> {
  const { chain, hospital, board, clinician, patient } = await foundVaultTown({ threshold: 2, count: 3, version: ledgerVersions[0]! });
  const object = sealedObject(patient, "document", GENERAL);
  const grantId = testBytes("grant");
  const read = (nonce: string) => requestMessage(chain, clinician, { objectIds: [object.objectId], nonce, grantId });
  const document = { object, relation: { kind: "none" } };
  await expectDone(chain.run(hospital, { type: "records.add", value: { organisation: hospital.account, documents: [document] } }));
  const terms = { grantee: { kind: "person", account: clinician.account }, reads: 2, credentialType: "practitioner-licence" };
  await expectDone(chain.run(patient, grantMessage(chain, patient, grantId, terms)));
  await expectDone(chain.run(clinician, read("first")));
  const suspension = { credentialId: LICENCE_ID, from: chain.now, reasonCode: "safety" };
  await expectDone(chain.run(board, { type: "credentials.suspend", value: suspension }));
  await expectDone(chain.run(clinician, read("second"))); // logged as refused
  await chain.run(clinician, { type: "vault.revoke", value: { grantId } }); // not the owner: refused
  await expectDone(chain.run(patient, { type: "vault.revoke", value: { grantId } }));
  await chain.advance(120_000); // the replay window forgets its first minutes
  return { genesis: chain.genesis, blocks: chain.executed.map(recordBlock) };
}

function recordBlock({ block: { height, time, txs }, finalized }: ExecutedBlock): RecordedBlock {
  const results = finalized.txResults.map(({ code, data }) => ({ code, data: bytesToHex(data) }));
  return { height, time, txs: txs.map(bytesToHex), results, appHash: bytesToHex(finalized.appHash) };
}

/** Executes a recorded chain on a fresh ledger and tells what came out. */
export async function replayRecorded({ genesis, blocks }: RecordedChain): Promise<RecordedBlock[]> {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: ledgerVersions, genesis });
  const replayed: RecordedBlock[] = [];
  for (const { height, time, txs } of blocks) {
    const block = { ...noFacts, height, time, txs: txs.map((tx) => hexToBytes(tx)!) };
    replayed.push(recordBlock({ block, finalized: ledger.finalizeBlock(block) }));
    await ledger.commit();
  }
  return replayed;
}
