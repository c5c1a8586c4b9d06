import { type ChainStore, decodeValidators, type PastBlock } from "@galen/engines/chain/chain-store";
import { type KnownBlock, verifyPastBlock } from "@galen/engines/chain/verify-past-block";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { readHex, readObject } from "@galen/sdk/client/answer";
import { readFrames } from "@galen/sdk/client/frames";
import type { Identity } from "../identity.ts";
import { powerOf } from "../peers/known-nodes.ts";
import { PeerFailure } from "../peers/peer-failure.ts";
import type { PeerNode, Peers } from "../peers/peers.ts";
import { type HeightRange, historyStatement, MAX_PAST_BLOCKS, MAX_PAST_BYTES } from "./history-statement.ts";

export interface HistorySource extends Pick<Identity, "ledger" | "crypto"> {
  readonly peers: Pick<Peers, "nodes" | "ask">;
  readonly store: Pick<ChainStore, "decodeRecord">;
}

const TIMEOUT_MS = 60_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** The last block of an answer may be as large as blocks are, with its results. */
const MAX_ANSWER_BYTES = MAX_PAST_BYTES + 67_108_864;
const MAX_STATEMENT_BYTES = 4_096;
const FRAMES_PER_BLOCK = 3;

type Found = PastBlock & KnownBlock;

/**
 * Blocks before `next`, from the highest down, as peers give them: every one verified by the block after it, and their records vouched for by validators with more than a third
 * of the voting power, so by an honest one. Undefined when no peer gives such blocks.
 */
export async function fetchHistory(source: HistorySource, next: KnownBlock): Promise<readonly Found[] | undefined> {
  for (const node of source.peers.nodes()) {
    const given = await blocksFrom(node, source, next);
    if (given && (await isVouchedFor(node, given, source))) return given.blocks;
  }
  return undefined;
}

interface Given {
  readonly blocks: readonly Found[];
  readonly range: HeightRange;
  readonly message: Uint8Array;
}

async function blocksFrom(node: PeerNode, source: HistorySource, next: KnownBlock): Promise<Given | undefined> {
  const to = next.block.header.height - 1;
  const call = {
    method: "POST",
    path: "/v1/peers/history",
    body: jsonBody({ to }),
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: TIMEOUT_MS,
  } as const;
  try {
    return await source.peers.ask(node, "history", call, (answer) => readGiven(answer, node, { source, next }));
  } catch (error) {
    if (error instanceof PeerFailure) return undefined; // counted where it is met
    throw error;
  }
}

/** Throws when anything in the answer is not the chain's, or the peer does not stand by it. */
function readGiven(answer: Uint8Array, node: PeerNode, { source, next }: { source: HistorySource; next: KnownBlock }): Given {
  const frames = readFrames(answer) ?? [];
  const count = (frames.length - 1) / FRAMES_PER_BLOCK;
  if (!Number.isInteger(count) || count < 1 || count > MAX_PAST_BLOCKS) throw new Error("the answer holds another number of frames");
  const blocks: Found[] = [];
  for (let index = 0; index < count; index++) {
    const [bytes, recordBytes, validators] = frames.slice(index * FRAMES_PER_BLOCK, (index + 1) * FRAMES_PER_BLOCK);
    const claimed = { bytes: bytes!, recordBytes: recordBytes!, validators: decodeValidators(validators!) };
    blocks.push(verifyPastBlock(blocks.at(-1) ?? next, claimed, source));
  }
  const to = next.block.header.height - 1;
  const range = { from: to - count + 1, to };
  const records = blocks.map(({ recordBytes }) => recordBytes).reverse();
  const message = historyStatement(source.ledger.chainId, range, { records, sha256: source.crypto.sha256 });
  requireSignature(source, node, { message, signature: frames.at(-1)! });
  return { blocks, range, message };
}

/** Whether the giver and those who say the same have more than a third of the voting power. */
async function isVouchedFor(giver: PeerNode, given: Given, source: HistorySource): Promise<boolean> {
  const keys = new Set([giver.key]);
  const isEnough = () => {
    const { held, total } = powerOf(source.ledger.read(), keys);
    return 3 * held > total;
  };
  for (const node of source.peers.nodes()) {
    if (isEnough()) break;
    if (!keys.has(node.key) && (await vouches(node, given, source))) keys.add(node.key);
  }
  return isEnough();
}

async function vouches(node: PeerNode, { range, message }: Given, source: HistorySource): Promise<boolean> {
  const body = jsonBody(range);
  const path = "/v1/peers/history/statement";
  const call = { method: "POST", path, body, maxBytes: MAX_STATEMENT_BYTES, timeoutMs: STATEMENT_TIMEOUT_MS } as const;
  try {
    return await source.peers.ask(node, "history", call, (answer) => {
      const { signature } = readObject(JSON.parse(new TextDecoder().decode(answer)), "statement");
      requireSignature(source, node, { message, signature: readHex(signature, "signature") });
      return true;
    });
  } catch (error) {
    if (error instanceof PeerFailure) return false; // counted where it is met
    throw error;
  }
}

function requireSignature(
  { crypto }: HistorySource,
  { key }: PeerNode,
  { message, signature }: { message: Uint8Array; signature: Uint8Array },
): void {
  if (!crypto.verifyEd25519(hexToBytes(key)!, message, signature)) throw new Error("the peer does not vouch for these records");
}

function jsonBody(value: object) {
  return { type: "application/json", bytes: new TextEncoder().encode(JSON.stringify(value)) };
}
