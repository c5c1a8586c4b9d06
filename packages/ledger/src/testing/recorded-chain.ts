import { noFacts } from "../app/block-facts.ts";
import type { Genesis } from "../app/genesis.ts";
import { openLedger } from "../app/ledger.ts";
import type { LedgerVersion } from "../app/version.ts";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { ledgerVersions } from "../modules/index.ts";
import { foundVaultTown, GENERAL, grantMessage, requestMessage, sealedObject, type VaultTown } from "../modules/vault/testing/scene.ts";
import { createMemoryStore } from "../store/memory.ts";
import { expectDone, LICENCE_ID } from "./actors.ts";
import { type ExecutedBlock, testBytes } from "./chain.ts";
import { actUnderLaterRules } from "./later-acts.ts";

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

/** The files of recorded chains, and under which versions of the rules each came to be, one after the other. */
export const recordedVersions: ReadonlyMap<string, readonly LedgerVersion[]> = new Map([
  ...ledgerVersions.map((version) => [`chain-${version.number}.json`, [version]] as const),
  ["chain-upgraded.json", ledgerVersions],
]);

/** An upgrade is decided so many blocks before it takes effect. */
const NOTICE_BLOCKS = 4;

/**
 * The story of one document, from the founding to a suspended licence, and what else the rules allow then and after every upgrade; the same bytes every
 * time.
 */
export async function recordChain(versions: readonly LedgerVersion[]): Promise<RecordedChain> {
  const town = await foundVaultTown({ threshold: 2, count: 3, version: versions });
  const { chain, alliance } = town;
  await tellOfOneDocument(town);
  for (const [passed, { number }] of versions.entries()) {
    const upgrade = { type: "governance.scheduleUpgrade", value: { height: chain.ledger.height + NOTICE_BLOCKS, version: number } };
    if (passed > 0) await expectDone(chain.run(alliance, upgrade));
    while (chain.ledger.version.number < number) await chain.block();
    await actUnderLaterRules(town, `v${number}`);
  }
  await chain.advance(120_000); // the replay window forgets its first minutes
  return { genesis: chain.genesis, blocks: chain.executed.map(recordBlock) };
}

async function tellOfOneDocument({ chain, hospital, board, clinician, patient }: VaultTown): Promise<void> {
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
