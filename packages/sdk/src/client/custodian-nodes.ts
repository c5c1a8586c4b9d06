import { readInteger, readList, readObject, readText } from "./answer.ts";
import type { Client } from "./client.ts";
import { requestJson } from "./send-request.ts";

/** A node as another node knows it: addresses to try, nothing that is believed. */
export interface PeerNode {
  readonly url: string;
  /** Validator key, hex; null until the node has met it. */
  readonly key: string | null;
  readonly isReachable: boolean;
  readonly height: number | null;
  /** Blocks that it is behind the node that tells; below 0 when it is ahead. */
  readonly lag: number | null;
  /** Its custodian; null without one. */
  readonly custodian: PeerCustodian | null;
}

/** A node's custodian, as the node last said it. */
export interface PeerCustodian {
  /** Place of the share that it holds; null while it holds none. */
  readonly index: number | null;
}

/** What a node says of itself and of the others. */
export interface NodePeers {
  /** Validator key, hex. */
  readonly key: string;
  readonly height: number;
  readonly custodian: PeerCustodian | null;
  readonly peers: readonly PeerNode[];
}

/** As many as a network can have validators. */
const MAX_PEERS = 128;

/** Which node this is and which others it knows. Rejects with GalenError. */
export async function peers(client: Client): Promise<NodePeers> {
  const answer = readObject(await requestJson(client, { path: "/v1/peers" }), "peers");
  return {
    key: readText(answer.key, "key"),
    height: readInteger(answer.height, "height"),
    custodian: readCustodian(answer.custodian),
    peers: readList(answer.peers, "peers", MAX_PEERS).map(readPeer),
  };
}

function readPeer(value: unknown): PeerNode {
  const { url, key, isReachable, height, lag, custodian } = readObject(value, "peer");
  return {
    url: readText(url, "url"),
    key: key === null ? null : readText(key, "key"),
    isReachable: isReachable === true,
    height: integerOrNull(height, "height"),
    lag: integerOrNull(lag, "lag"),
    custodian: readCustodian(custodian),
  };
}

function readCustodian(value: unknown): PeerCustodian | null {
  return value === null ? null : { index: integerOrNull(readObject(value, "custodian").index, "index") };
}

function integerOrNull(value: unknown, name: string): number | null {
  return value === null ? null : readInteger(value, name);
}

/**
 * The nodes that may have a custodian: this one and those that it knows, also those that it has not met, for they may be reachable from here. What they
 * answer is proven by itself; a node that leaves some out can only keep a reader waiting. Rejects with GalenError.
 */
export async function custodianNodes(client: Client): Promise<readonly Client[]> {
  const known = await peers(client);
  const others = known.peers.filter(({ key, custodian }) => custodian !== null || key === null).flatMap(({ url }) => originOf(url) ?? []);
  const own = known.custodian === null && others.length > 0 ? [] : [client];
  return [...own, ...others.map((url) => ({ ...client, url }))];
}

/** The origin of an address that has no more to it: with a path or a query, a node would choose what a reader sends to any host, and not only that it asks it. */
function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, origin, href } = new URL(address);
  return /^https?:$/.test(protocol) && href === `${origin}/` ? origin : undefined;
}
