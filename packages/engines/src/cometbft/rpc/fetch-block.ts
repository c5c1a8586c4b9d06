import { Block, evidenceHash } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { type Validator, validatorFromJson } from "@galen/ledger/block/validator";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { type CometRpc, CometRpcError } from "./comet-rpc.ts";

/** A block as CometBFT holds it: nothing about it is verified yet. */
export interface FetchedBlock {
  readonly block: Block;
  /** The block in the protobuf that CometBFT writes; its proposer may have sent it in another. */
  readonly bytes: Uint8Array;
  /** What made it final, as far as CometBFT has heard. */
  readonly commit: Commit;
}

const PAGE = 100;

/** Rejects when CometBFT does not hold the height, or not yet; with SchemaError when its answer is not a block. */
export async function fetchBlock(rpc: CometRpc, height: number): Promise<FetchedBlock> {
  const at = { height: String(height) };
  const [blockAnswer, commitAnswer] = await Promise.all([rpc.call("block", at), rpc.call("commit", at)]);
  const block = Block.fromJson((blockAnswer as { block: unknown }).block);
  const { commit } = (commitAnswer as { signed_header: { commit: unknown } }).signed_header;
  return { block, bytes: Block.encode(block), commit: Commit.fromJson(commit) };
}

/**
 * The same for a block whose transactions are at hand: CometBFT is asked for header and commits alone, which are small. Only a block with evidence, or one
 * whose predecessor CometBFT does not hold, is fetched as a whole.
 */
export async function fetchBlockOf(
  { rpc, sha256 }: { readonly rpc: CometRpc; readonly sha256: Sha256 },
  height: number,
  txs: readonly Uint8Array[],
): Promise<FetchedBlock> {
  const [own, last] = await Promise.all(
    [height, height - 1].map((at) => rpc.call("commit", { height: String(at) }) as Promise<CommitAnswer>),
  );
  const header = Header.fromJson(own!.signed_header.header);
  // Canonical is the commit that the next block carries; before that block is stored, CometBFT answers with the votes it has seen.
  if (!last?.canonical || !equalBytes(header.evidenceHash, evidenceHash([], sha256))) return fetchBlock(rpc, height);
  const block = { header, data: { txs }, evidence: { evidence: [] }, lastCommit: Commit.fromJson(last.signed_header.commit) };
  return { block, bytes: Block.encode(block), commit: Commit.fromJson(own!.signed_header.commit) };
}

/** Null for a block that CometBFT does not hold. */
type CommitAnswer = { readonly signed_header: { readonly header: unknown; readonly commit: unknown }; readonly canonical: boolean } | null;

/** The set that decides on `height`, in set order. */
export async function fetchValidators(rpc: CometRpc, height: number): Promise<Validator[]> {
  return (await fetchSet(rpc, height)).map(validatorFromJson);
}

/** How near each member of that set is to its turn as proposer; undefined for a height whose set CometBFT does not hold. */
export async function fetchPriorities(rpc: CometRpc, height: number): Promise<bigint[] | undefined> {
  try {
    return (await fetchSet(rpc, height)).map((json) => BigInt((json as { proposer_priority: string }).proposer_priority));
  } catch (error) {
    // Only a refusal says so: a set without its turns, because CometBFT was slow, would mislead a node that joins.
    if (error instanceof CometRpcError) return undefined;
    throw error;
  }
}

async function fetchSet(rpc: CometRpc, height: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let page = 1; ; page++) {
    const answer = await rpc.call("validators", { height: String(height), page: String(page), per_page: String(PAGE) });
    const { validators, total } = answer as { validators: unknown[]; total: string };
    found.push(...validators);
    if (validators.length === 0 || found.length >= Number(total)) return found;
  }
}
