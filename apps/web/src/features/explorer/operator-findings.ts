import type { NodeStatus as ValidatorNode } from "@galen/ledger/modules/validators/schema";
import type { OperatorFacts } from "./operator-facts.ts";

type FindingKind =
  | "unhealthy"
  | "behind"
  | "powerAway"
  | "custodiansAway"
  | "blobsLost"
  | "custodiansScarce"
  | "peerAway"
  | "peerBehind"
  | "historyMissing"
  | "indexBehind"
  | "jailed"
  | "noKey";

/** Something that somebody must look at. */
export interface Finding {
  readonly kind: FindingKind;
  /** `bad`: people notice, or soon will. `warn`: the network goes on, with less in reserve. */
  readonly tone: "bad" | "warn";
  readonly values: Readonly<Record<string, string | number>>;
}

/** Blocks: less is the ordinary distance between two answers. */
const MAX_LAG = 10;

/** What is wrong, the worst first; nothing when all is well. */
export function findingsOf(facts: OperatorFacts): readonly Finding[] {
  const all = [...ownFindings(facts), ...peerFindings(facts), ...powerFindings(facts), ...custodyFindings(facts)];
  return [...all.filter(({ tone }) => tone === "bad"), ...all.filter(({ tone }) => tone === "warn")];
}

function* ownFindings({ status, isHealthy }: OperatorFacts): Iterable<Finding> {
  const { blobs, history } = status.healing;
  if (!isHealthy) yield { kind: "unhealthy", tone: "bad", values: {} };
  if (blobs.lost > 0) yield { kind: "blobsLost", tone: "bad", values: { count: blobs.lost } };
  if (history.state === "missing") yield { kind: "historyMissing", tone: "warn", values: {} };
  const waiting = status.height - status.indexedHeight;
  if (waiting > MAX_LAG) yield { kind: "indexBehind", tone: "warn", values: { count: waiting } };
}

function* peerFindings({ peers: { peers } }: OperatorFacts): Iterable<Finding> {
  const ahead = Math.max(0, ...peers.map(({ lag, isReachable }) => (isReachable && lag !== null ? -lag : 0)));
  if (ahead > MAX_LAG) yield { kind: "behind", tone: "bad", values: { count: ahead } };
  for (const { url, isReachable, lag } of peers) {
    if (!isReachable) yield { kind: "peerAway", tone: "warn", values: { url } };
    else if (lag !== null && lag > MAX_LAG) yield { kind: "peerBehind", tone: "warn", values: { url, count: lag } };
  }
}

function* powerFindings(facts: OperatorFacts): Iterable<Finding> {
  const { nodes, totalPower } = facts;
  const away = nodes.filter((node) => !isInReach(node, facts)).reduce((sum, { power }) => sum + power, 0);
  // A third of the power that does not vote stops the chain.
  if (3 * away >= totalPower) yield { kind: "powerAway", tone: "bad", values: { percent: Math.round((100 * away) / totalPower) } };
  for (const { node } of nodes) {
    if (node.jail) yield { kind: "jailed", tone: "warn", values: { organisation: node.organisation, height: node.jail.until } };
  }
}

/** Whether this node is the validator's, or reaches it. */
export function isInReach({ node }: ValidatorNode, { peers: { key, peers } }: Pick<OperatorFacts, "peers">): boolean {
  const keys = [node.publicKey, node.formerKey];
  if (keys.includes(key)) return true;
  const peer = peers.find((one) => one.key !== null && keys.includes(one.key));
  return peer ? peer.isReachable : false;
}

function* custodyFindings(facts: OperatorFacts): Iterable<Finding> {
  const { key } = facts;
  if (!key) {
    yield { kind: "noKey", tone: "warn", values: {} };
    return;
  }
  const { threshold, custodians } = key;
  const count = sharesInReach(facts).size;
  const values = { count, threshold };
  if (count < threshold) yield { kind: "custodiansAway", tone: "bad", values };
  else if (count === threshold && custodians.length > threshold) yield { kind: "custodiansScarce", tone: "warn", values };
}

/** Numbers of the shares that this node, or a node that it reaches, holds. */
export function sharesInReach({ peers: { custodian, peers } }: Pick<OperatorFacts, "peers">): ReadonlySet<number> {
  const reached = [custodian, ...peers.filter(({ isReachable }) => isReachable).map((peer) => peer.custodian)];
  return new Set(reached.flatMap((one) => one?.index ?? []));
}
