import type { KeySet } from "@galen/ledger/modules/custody/schema";
import type { NodeStatus as ValidatorNode } from "@galen/ledger/modules/validators/schema";
import { readInteger, readList, readObject, readText } from "@galen/sdk/client/answer";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { inParallel } from "@galen/sdk/client/in-parallel";
import { query } from "@galen/sdk/client/query";
import { requestJson } from "@galen/sdk/client/send-request";
import { status } from "@galen/sdk/client/status";
import { createNodeProvider } from "@galen/sdk/proofs/node-provider";

/** What the lists of the explorer show of a block; the node's word, like everything on these pages that is not checked. */
export interface ListedBlock {
  readonly height: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly txHashes: readonly string[];
}

const PARALLEL = 6;

export async function fetchBlock(client: Client, height: number): Promise<ListedBlock> {
  const answer = readObject(await requestJson(client, { path: `/v1/blocks/${height}` }), "block");
  const txHashes = readList(answer.txHashes, "txHashes").map((hash) => readText(hash, "txHashes"));
  return { height: readInteger(answer.height, "height"), time: readInteger(answer.time, "time"), txHashes };
}

/** The newest blocks, and where the node stands. */
export async function fetchLatest(client: Client, count: number) {
  const now = await status(client);
  const heights = Array.from({ length: Math.min(count, now.height) }, (_, index) => now.height - index);
  return { status: now, blocks: await inParallel(heights, PARALLEL, (height) => fetchBlock(client, height)) };
}

/** Whether the node takes transactions. */
export async function fetchHealth(client: Client): Promise<boolean> {
  try {
    await requestJson(client, { path: "/v1/health" });
    return true;
  } catch (error) {
    if (error instanceof GalenError && error.status === 503) return false;
    throw error;
  }
}

/** The validators of a height with their shares of the voting power, and the header that they signed. */
export async function fetchSealed(client: Client, height: number) {
  const provider = createNodeProvider(client);
  const [signed, validators] = await Promise.all([provider.signedHeader(height), provider.validators(height)]);
  return { signed, validators };
}

/** Whose node each validator is, by its key, in hex: the node's word. */
export async function fetchNodeOrganisations(client: Client): Promise<ReadonlyMap<string, string>> {
  const { result } = await query<{ nodes: readonly ValidatorNode[] }>(client, "validators.nodes");
  return new Map(result.nodes.map(({ node }) => [node.publicKey, node.organisation]));
}

/** The custodians' key; undefined while there is none. */
export async function fetchKey(client: Client): Promise<KeySet | undefined> {
  try {
    return (await query<KeySet>(client, "custody.key", { purpose: "release" })).result;
  } catch (error) {
    if (error instanceof GalenError && error.id === "custody/NoKey") return undefined;
    throw error;
  }
}

/** A transaction as the node shows it. */
export interface ShownTransaction {
  readonly txHash: string;
  readonly height: number;
  readonly bytes: string;
  readonly refusal: { readonly id: string; readonly sentence: string } | undefined;
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
}

export async function fetchTransaction(client: Client, txHash: string): Promise<ShownTransaction> {
  const answer = readObject(await requestJson(client, { path: `/v1/transactions/${encodeURIComponent(txHash)}` }), "transaction");
  const refusal = answer.refusal === null || answer.refusal === undefined ? undefined : readObject(answer.refusal, "refusal");
  return {
    txHash,
    height: readInteger(answer.height, "height"),
    bytes: readText(answer.bytes, "bytes"),
    refusal: refusal && { id: readText(refusal.id, "id"), sentence: readText(refusal.sentence, "sentence") },
    events: readList(answer.events, "events").map((one) => {
      const event = readObject(one, "event");
      return { type: readText(event.type, "type"), data: event.data };
    }),
  };
}
