import type { Genesis } from "@galen/ledger/app/genesis";
import { readInteger, readObject, readText } from "./answer.ts";
import type { Client } from "./client.ts";
import { requestJson } from "./send-request.ts";

/** Where a node says that its chain stands. Nothing of it is proven. */
export interface NodeStatus {
  readonly chainId: string;
  readonly height: number;
  readonly durableHeight: number;
  /** Milliseconds since 1970. */
  readonly blockTime: number;
  /** Ledger version that executes the next block. */
  readonly appVersion: number;
  /** The newest ledger version that the node's release knows: it stops before one that it lacks. Left out by older releases. */
  readonly newestVersion?: number;
  readonly appHash: string;
  /** Public key of the node's validator, hex. */
  readonly validator: string;
  /** X, the custodians' key, hex; null while there is none. */
  readonly collectiveKey: string | null;
  readonly custodyEpoch: number | null;
  readonly indexedHeight: number;
  /** What the node has had to fetch again from other nodes. */
  readonly healing: { readonly blobs: BlobHealing; readonly history: HistoryHealing };
  readonly software: string;
}

/** A node's round over the blocks of the past, from the newest down. */
export interface HistoryHealing {
  /** `missing`: no other node that answers gives what is missing. */
  readonly state: "checking" | "complete" | "missing";
  readonly checkedFrom?: number;
  /** Blocks that it had to fetch, and the heights between which they lie. */
  readonly repaired: number;
  readonly repairedFrom?: number;
  readonly repairedTo?: number;
}

/** A node's rounds over the blobs that the ledger names, since it started. */
export interface BlobHealing {
  /** `waiting`: the ledger does not know the node yet, so that no other one gives it blobs. */
  readonly state: "waiting" | "checking" | "complete";
  readonly checked: number;
  readonly repaired: number;
  /** Addresses between which it had to repair. */
  readonly repairedFrom?: string;
  readonly repairedTo?: string;
  /** Blobs that no node that answers has. */
  readonly lost: number;
}

/** Where the node's chain stands. Rejects with GalenError. */
export async function status(client: Client): Promise<NodeStatus> {
  const answer = readObject(await requestJson(client, { path: "/v1/status" }), "status");
  readText(answer.chainId, "chainId");
  readInteger(answer.height, "height");
  return answer as unknown as NodeStatus;
}

/** The document from which the node's network was founded. Trust in it comes from elsewhere: `trustOfGenesis`. Rejects with GalenError. */
export async function genesis(client: Client): Promise<Genesis> {
  const answer = readObject(await requestJson(client, { path: "/v1/genesis" }), "genesis");
  readText(answer.chainId, "chainId");
  return answer as unknown as Genesis;
}

/** Name of the network to which signatures are bound; asked once, unless the client was created with it. Rejects with GalenError. */
export async function chainIdOf(client: Client): Promise<string> {
  client.chainId ??= (await status(client)).chainId;
  return client.chainId;
}
