import { Block } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { type Validator, validatorFromJson } from "@galen/ledger/block/validator";
import { type CometRpc, CometRpcError } from "./comet-rpc.ts";

/** A block as CometBFT holds it: nothing about it is verified yet. */
export interface FetchedBlock {
  readonly block: Block;
  /** The protobuf block. */
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
