import type { NodePeers } from "@galen/sdk/client/custodian-nodes";
import type { NodeStatus } from "@galen/sdk/client/status";

/** A node that is looked at: by its address, as far as somebody knows it. */
export interface Entry {
  /** Name of the organisation; undefined where only the address is known. */
  readonly organisation: string | undefined;
  /** Base of its HTTP API. */
  readonly url: string;
  /** Validator key by which it was known last, hex. */
  readonly key: string | undefined;
}

/** What a node answered. */
export interface NodeAnswer {
  readonly said: NodeStatus;
  readonly peers: NodePeers;
}

/** A node that was asked; without an answer when it gave none that counts. */
export interface AskedNode<Answer extends NodeAnswer = NodeAnswer> extends Entry {
  readonly answer: Answer | undefined;
  /** The other network whose node answers at its address, such as one that was left over on its port. */
  readonly otherNetwork?: string;
}

/** What one node says of itself. All of it is its word, but for power and organisation, which the ledger says of its key. */
export interface NodeLine {
  /** Name of the organisation, or the beginning of its account; undefined where nothing is known but the address. */
  readonly organisation: string | undefined;
  /** Undefined for a node that the ledger names and nobody who was asked knows. */
  readonly url: string | undefined;
  /** Undefined when it does not answer. */
  readonly height: number | undefined;
  /** The chain whose node answers at its address, when that is another one. */
  readonly otherNetwork?: string;
  /** The newest ledger version that its release knows; undefined when it does not say. */
  readonly newestVersion?: number;
  /** Blocks that its read model is behind. */
  readonly readModelLag: number | undefined;
  /** Other nodes that it reaches, of those that it knows. */
  readonly peers: { readonly reached: number; readonly known: number } | undefined;
  /** Voting power; 0 for a node that does not vote, undefined for one whose key is not known. */
  readonly power: number | undefined;
  /** Place of its custodian among those who hold a share; null without one. */
  readonly custodian: number | null | undefined;
}

/** What the ledger says of the nodes' keys. */
export interface KnownKeys {
  /** Voting powers by validator keys. */
  readonly powers: ReadonlyMap<string, number>;
  /** Nodes of the members; none on a chain of ledger version 1. */
  readonly seats: readonly { readonly organisation: string; readonly publicKey: string }[];
  /** Names of organisations by their accounts. */
  readonly names: ReadonlyMap<string, string>;
}

/** The same nodes, of which those that answer for another chain count as not answering. */
export function ofChain<Answer extends NodeAnswer>(
  asked: readonly AskedNode<Answer>[],
  chainId: string | undefined,
): readonly AskedNode<Answer>[] {
  return asked.map((node) => {
    const said = node.answer?.said.chainId;
    return said === undefined || said === chainId ? node : { ...node, answer: undefined, otherNetwork: said };
  });
}

/** The chain that most of those who answer speak of. */
export function commonChain(asked: readonly AskedNode[]): string | undefined {
  const chains = asked.flatMap(({ answer }) => answer?.said.chainId ?? []);
  const count = (chainId: string) => chains.filter((other) => other === chainId).length;
  return chains.toSorted((a, b) => count(b) - count(a))[0];
}

/** Nodes that those who answer know and that were not asked yet, such as one that has joined and lies in another folder. */
export function furtherNodes(asked: readonly AskedNode[]): readonly Entry[] {
  const urls = new Set(asked.map(({ url }) => url));
  const keys = new Set(asked.flatMap(({ answer }) => answer?.said.validator ?? []));
  const found = asked.flatMap(({ answer }) => answer?.peers.peers ?? []);
  const further = found.filter(({ url, key }) => !urls.has(url) && (key === null || !keys.has(key)));
  return [...new Map(further.map(({ url, key }) => [url, { organisation: undefined, url, key: key ?? undefined }])).values()];
}

/** A line for each node that was asked, and for each that the ledger names beside them. */
export function nodeLines(asked: readonly AskedNode[], known: KnownKeys): readonly NodeLine[] {
  const keys = new Set(asked.map(keyOf));
  const unasked = known.seats.filter(({ publicKey }) => !keys.has(publicKey));
  return [
    ...asked.map((node) => lineOf(node, known)),
    ...unasked.map(({ publicKey: key }) => lineOf({ organisation: undefined, url: undefined, key, answer: undefined }, known)),
  ];
}

/** The key that it answers with now; else the one by which it was known. */
function keyOf({ key, answer }: Pick<AskedNode, "key" | "answer">): string | undefined {
  return answer?.said.validator ?? key;
}

/** The name of an organisation, or the beginning of its account. */
export function calledIn(names: KnownKeys["names"], account: string): string {
  return names.get(account) ?? `${account.slice(0, 12)}…`;
}

type Looked = Pick<AskedNode, "organisation" | "key" | "answer" | "otherNetwork"> & { readonly url: string | undefined };

function lineOf(node: Looked, { powers, seats, names }: KnownKeys): NodeLine {
  const { organisation, url, answer, otherNetwork } = node;
  const newestVersion = answer?.said.newestVersion;
  const key = keyOf(node);
  const account = seats.find(({ publicKey }) => publicKey === key)?.organisation;
  return {
    organisation: organisation ?? (account === undefined ? undefined : calledIn(names, account)),
    url,
    height: answer?.said.height,
    ...(otherNetwork !== undefined && { otherNetwork }),
    ...(newestVersion !== undefined && { newestVersion }),
    readModelLag: answer && answer.said.height - answer.said.indexedHeight,
    peers: answer && { reached: answer.peers.peers.filter(({ isReachable }) => isReachable).length, known: answer.peers.peers.length },
    power: key === undefined ? undefined : (powers.get(key) ?? 0),
    custodian: answer && (answer.peers.custodian?.index ?? null),
  };
}
