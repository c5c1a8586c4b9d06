import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@galen/sdk";
import { auditCustodian } from "@galen/sdk/custody/audit-custodian";
import type { SignedTransaction } from "../../bench/network/signed-transactions.ts";
import type { LabNode } from "./lab-node.ts";
import { greatestHeight } from "./watching.ts";

/** What must hold after every fault, at every node. */
export interface Ledgers {
  readonly nodes: readonly LabNode[];
  /** Acknowledged since the height `from`. */
  readonly acknowledged: readonly SignedTransaction[];
  readonly from: number;
  /** Keys (hex) of those who have power by the policy: one organisation, one vote. */
  readonly voters: readonly string[];
}

const PATIENCE_MS = 60_000;
const POLL_MS = 200;

/** Waits until all nodes hold the same height, then checks everything. Throws Error that names the invariant. Gives the common height. */
export async function checkInvariants({ nodes, acknowledged, from, voters }: Ledgers): Promise<number> {
  const height = await commonHeight(nodes);
  const chains = await Promise.all(nodes.map((node) => chainOf(node, from, height)));
  for (const [index, chain] of chains.entries()) requireSameChain(chains[0]!, chain, nodes[index]!);
  requireOnce(chains[0]!, acknowledged);
  for (const node of nodes) requireEqualPowers(node, await powersOf(node, height), voters);
  for (const node of nodes) await requireReleases(node);
  await requireSameReadModels(nodes);
  return height;
}

/** A height that all nodes hold, not below what any of them had when this was called: what was acknowledged stands up to there. */
async function commonHeight(nodes: readonly LabNode[]): Promise<number> {
  const target = await greatestHeight(nodes);
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(POLL_MS)) {
    const least = Math.min(...(await Promise.all(nodes.map((node) => node.height()))).map((height) => height ?? 0));
    if (least >= target) return least;
  }
  throw new Error("the nodes do not come to one height");
}

interface ChainBlock {
  readonly height: number;
  readonly hash: string;
  readonly appHash: string;
  readonly txHashes: readonly string[];
}

async function chainOf({ url }: LabNode, from: number, to: number): Promise<readonly ChainBlock[]> {
  const blocks: ChainBlock[] = [];
  for (let height = from; height <= to; height++) {
    const commit = (await (await fetch(`${url}/rpc/commit?height=${height}`)).json()) as CommitAnswer;
    const block = (await (await fetch(`${url}/v1/blocks/${height}`)).json()) as { readonly txHashes: readonly string[] };
    const { header, commit: signed } = commit.result.signed_header;
    blocks.push({ height, hash: signed.block_id.hash, appHash: header.app_hash, txHashes: block.txHashes });
  }
  return blocks;
}

interface CommitAnswer {
  readonly result: {
    readonly signed_header: {
      readonly header: { readonly app_hash: string };
      readonly commit: { readonly block_id: { readonly hash: string } };
    };
  };
}

function requireSameChain(expected: readonly ChainBlock[], chain: readonly ChainBlock[], { name }: LabNode): void {
  for (const [index, block] of chain.entries()) {
    const other = expected[index]!;
    if (block.hash !== other.hash || block.appHash !== other.appHash)
      throw new Error(`FORK: ${name} has another block or state at height ${block.height}`);
  }
}

function requireOnce(chain: readonly ChainBlock[], acknowledged: readonly SignedTransaction[]): void {
  const times = new Map<string, number>();
  for (const txHash of chain.flatMap(({ txHashes }) => txHashes)) times.set(txHash, (times.get(txHash) ?? 0) + 1);
  for (const { txHash } of acknowledged) {
    if (times.get(txHash) !== 1) throw new Error(`${txHash} was acknowledged and stands ${times.get(txHash) ?? 0} times in the chain`);
  }
}

async function powersOf({ url }: LabNode, height: number): Promise<ReadonlyMap<string, number>> {
  const answer = (await (await fetch(`${url}/rpc/validators?height=${height}&per_page=100`)).json()) as ValidatorsAnswer;
  return new Map(
    answer.result.validators.map(({ pub_key, voting_power }) => [
      Buffer.from(pub_key.value, "base64").toString("hex"),
      Number(voting_power),
    ]),
  );
}

interface ValidatorsAnswer {
  readonly result: { readonly validators: readonly { readonly pub_key: { readonly value: string }; readonly voting_power: string }[] };
}

function requireEqualPowers({ name }: LabNode, found: ReadonlyMap<string, number>, voters: readonly string[]): void {
  const isSameSet = found.size === voters.length && voters.every((key) => found.has(key));
  // Of a million parts, rounding leaves one or another to somebody.
  const isEqual = Math.max(...found.values()) - Math.min(...found.values()) <= 1;
  if (!isSameSet || !isEqual)
    throw new Error(`${name} has powers ${JSON.stringify([...found])}, the policy gives one vote each to ${voters.join(", ")}`);
}

/** Every share that this node's custodian has served belongs to a release that stood on the ledger before. */
async function requireReleases({ name, client }: LabNode): Promise<void> {
  const { findings } = await auditCustodian(client, client);
  if (findings.length > 0) throw new Error(`SILENT READ: the custodian of ${name} answered without a release: ${JSON.stringify(findings)}`);
}

async function requireSameReadModels(nodes: readonly LabNode[]): Promise<void> {
  let last: readonly string[] = [];
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(POLL_MS)) {
    const behind = await Promise.all(nodes.map(async ({ client }) => status(client).then((said) => said.height - said.indexedHeight)));
    if (behind.some((blocks) => blocks > 0)) continue;
    last = nodes.map(({ folder }) => readModelText(join(folder, "index.sqlite")));
    if (new Set(last).size === 1) return;
  }
  throw new Error(`the read models differ: ${last.map((text) => text.length).join(", ")} characters`);
}

/** All rows of all tables but the cursor, which tells the height. */
function readModelText(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table' and name <> 'cursor' order by name").all();
    return JSON.stringify(
      tables.map(({ name }) => [
        name,
        database
          .prepare(`select * from "${String(name)}"`)
          .all()
          .map((row) => JSON.stringify(row))
          .sort(),
      ]),
    );
  } finally {
    database.close();
  }
}
