import { type ChainStore, openChainStore } from "@galen/engines/chain/chain-store";
import { type Genesis, genesisHash, type Successor, successorHash } from "@galen/ledger/app/genesis";
import { openLedger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { announcement } from "@galen/ledger/modules/handover/index";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { readObject } from "@galen/sdk/client/answer";
import { GalenError } from "@galen/sdk/client/galen-error";
import { verifyHandover } from "@galen/sdk/proofs/follow-handover";
import { type StateProof, stateProofFromJson } from "@galen/sdk/proofs/state-proof";
import { nativeCrypto } from "./crypto/native.ts";
import { openNodeFolder } from "./data-folder.ts";
import { errors } from "./errors.ts";
import { writeFileDurably } from "./keys/durable-file.ts";
import { openLevelStore } from "./store/level-store.ts";
import { storedGenesis } from "./stored-genesis.ts";

/** What a chain names as its successor; the version is the one that it ended with. */
export type AnnouncedNetwork = Omit<Successor, "version">;

/** The first block of a successor comes this long after the last one of the chain before. */
const PAUSE_MS = 1_000;

/**
 * Turns the data folder of a stopped node, whose chain has ended, into one of the network that the chain has named: its genesis document takes the place
 * of the old one, state, blocks, blobs and keys stay. `proof` is the API's answer that shows the announcement, for wallets that follow. Doing it again
 * changes nothing but the proof. Throws Refusal node/NoNetwork, node/IsBackup, node/RestoreUnfinished, node/NotAnnounced, node/NoHandoverProof; nothing is written then.
 */
export async function succeedData(dataFolder: string, successor: AnnouncedNetwork, proof: unknown): Promise<Genesis> {
  const folder = await openNodeFolder(dataFolder);
  const stored = await storedGenesis(dataFolder);
  const isDone = successorHash(stored, nativeCrypto) === successorHash({ ...successor, version: stored.version }, nativeCrypto);
  const kv = await openLevelStore(folder.ledger);
  let genesis: Genesis;
  try {
    genesis = stored.predecessor && isDone ? stored : await documentAtEnd(kv, stored, successor);
    requireProof(openChainStore(kv, ledgerVersions), genesis, proof);
  } finally {
    await kv.close();
  }
  await writeFileDurably(folder.handover, Buffer.from(`${JSON.stringify(proof, undefined, 2)}\n`));
  await writeFileDurably(folder.genesis, Buffer.from(`${JSON.stringify(genesis, undefined, 2)}\n`));
  return genesis;
}

/** The successor's document with what follows from where the stored chain ended. */
async function documentAtEnd(kv: KeyValueStore, stored: Genesis, network: AnnouncedNetwork): Promise<Genesis> {
  const crypto = nativeCrypto;
  const ledger = await openLedger({ kv, crypto, versions: ledgerVersions, genesis: stored });
  const successor: Successor = { ...network, version: ledger.version.number };
  const named = announcement.get(ledger, "current");
  if (named?.successorHash !== successorHash(successor, crypto)) throw errors.NotAnnounced({ chainId: ledger.chainId });
  const { chainId, height, appHash, time } = ledger;
  const predecessor = { chainId, genesisHash: genesisHash(stored, crypto), height, appHash: bytesToHex(appHash) };
  return { ...successor, genesisTime: time + PAUSE_MS, predecessor };
}

/** With anything else in its place no wallet could follow, and nobody would hear of it before the network runs. Throws Refusal node/NoHandoverProof. */
function requireProof(store: ChainStore, genesis: Genesis, given: unknown): void {
  const proof = parseProof(given);
  const own = store.signedHeader(proof.final.header.height)?.header;
  if (!own) throw errors.NoHandoverProof({ reason: "it is of a block that does not lie here" });
  const trust = { chainId: genesis.predecessor!.chainId, validatorsHash: bytesToHex(own.validatorsHash) };
  try {
    verifyHandover(proof, genesis, { trust, crypto: nativeCrypto, nowMs: Date.now() });
  } catch (error) {
    if (!(error instanceof GalenError)) throw error;
    throw errors.NoHandoverProof({ reason: `it does not show that ${trust.chainId} named this network: ${error.id}` });
  }
}

function parseProof(given: unknown): StateProof {
  try {
    return stateProofFromJson(readObject(given, "proof"), nativeCrypto);
  } catch (error) {
    if (error instanceof SchemaError) throw errors.NoHandoverProof({ reason: error.message });
    if (error instanceof GalenError) throw errors.NoHandoverProof({ reason: "it has not the shape of a proof", ...error.details });
    throw error;
  }
}
