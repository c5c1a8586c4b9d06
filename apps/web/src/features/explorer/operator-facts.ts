import type { KeySet } from "@galen/ledger/modules/custody/schema";
import type { NodeStatus as ValidatorNode } from "@galen/ledger/modules/validators/schema";
import type { Settings } from "@galen/ledger/modules/validators/settings";
import type { Client } from "@galen/sdk/client/client";
import { type NodePeers, peers } from "@galen/sdk/client/custodian-nodes";
import { GalenError } from "@galen/sdk/client/galen-error";
import { inParallel } from "@galen/sdk/client/in-parallel";
import { query } from "@galen/sdk/client/query";
import { type NodeStatus, status } from "@galen/sdk/client/status";
import { fetchProposal, type KnownProposal, listProposals } from "@galen/sdk/proposals/proposal";
import { fetchHealth, fetchKey } from "./chain-data.ts";

/** What gives voting power, and when it changes next. */
export interface Regime {
  readonly settings: Settings;
  readonly planned?: Settings;
  readonly epoch: number;
  readonly nextEpochAt: number;
}

/** All that an operator's page tells of a node and its network: the node's word. */
export interface OperatorFacts {
  readonly status: NodeStatus;
  readonly isHealthy: boolean;
  readonly peers: NodePeers;
  readonly nodes: readonly ValidatorNode[];
  readonly totalPower: number;
  readonly regime: Regime;
  readonly key: KeySet | undefined;
  /** Whether the custodians are making or moving their key. */
  readonly isCeremony: boolean;
}

export async function fetchOperatorFacts(client: Client): Promise<OperatorFacts> {
  const [now, isHealthy, known, { nodes, totalPower }, regime, key, isCeremony] = await Promise.all([
    status(client),
    fetchHealth(client),
    peers(client),
    query<{ nodes: readonly ValidatorNode[]; totalPower: number }>(client, "validators.nodes").then(({ result }) => result),
    query<Regime>(client, "validators.regime").then(({ result }) => result),
    fetchKey(client),
    isCeremonyRunning(client),
  ]);
  return { status: now, isHealthy, peers: known, nodes, totalPower, regime, key, isCeremony };
}

async function isCeremonyRunning(client: Client): Promise<boolean> {
  try {
    await query(client, "custody.running", { purpose: "release" });
    return true;
  } catch (error) {
    if (error instanceof GalenError && error.id === "custody/UnknownCeremony") return false;
    throw error;
  }
}

const PARALLEL = 6;

/** More than an alliance decides at a time. */
const PROPOSALS_PAGE = 20;

/** Some of the proposals that are open, the latest first. */
export interface OpenProposalsPage {
  readonly proposals: readonly KnownProposal[];
  /** Hand it in as `before` for those that were made earlier; null after the first of all. */
  readonly next: number | null;
}

/**
 * What waits for the votes of the alliance. What each would do is checked against the hash that approvals name. Requests for access concern two people, and
 * are not shown.
 */
export async function fetchOpenProposals(client: Client, before: number | undefined): Promise<OpenProposalsPage> {
  const { items, next } = await listProposals(client, {
    about: "decision",
    limit: PROPOSALS_PAGE,
    ...(before !== undefined && { before }),
  });
  const proposals = await inParallel(items, PARALLEL, ({ proposalId }) => fetchProposal(client, String(proposalId)));
  return { proposals, next };
}
