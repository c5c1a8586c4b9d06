import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@galen/sdk";
import type { NetworkNode } from "./network-node.ts";

const PAUSE_MS = 50;
const PATIENCE_MS = 60_000;

/** The height of a node's last block, 0 while it does not answer. */
export async function heightOf({ client }: NetworkNode): Promise<number> {
  return status(client).then(
    ({ height }) => height,
    () => 0,
  );
}

/** Resolves when all nodes hold the block at `height`. */
export async function reach(nodes: readonly NetworkNode[], height: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (const node of nodes) {
    while ((await heightOf(node)) < height) {
      if (Date.now() > deadline) throw new Error(`${node.url} is at ${await heightOf(node)} and does not reach ${height}`);
      await sleep(PAUSE_MS);
    }
  }
}

/** The block hashes and app hashes of each node from `from` to `to`; a network that agrees gives the same text for all. */
export async function chainOf({ url }: Pick<NetworkNode, "url">, from: number, to: number): Promise<string> {
  const lines: string[] = [];
  for (let height = from; height <= to; height++) {
    const answer = await fetch(`${url}/rpc/commit?height=${height}`);
    const { result, error } = (await answer.json()) as { result?: CommitAnswer; error?: { message: string } };
    if (!result) throw new Error(`${url} has no block ${height}: ${error?.message}`);
    const { header, commit } = result.signed_header;
    lines.push(`${height} ${commit.block_id.hash} ${header.app_hash}`);
  }
  return lines.join("\n");
}

interface CommitAnswer {
  readonly signed_header: {
    readonly header: { readonly app_hash: string };
    readonly commit: { readonly block_id: { readonly hash: string } };
  };
}
