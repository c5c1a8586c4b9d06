import type { NodeStatus } from "@galen/ledger/modules/validators/schema";
import { query } from "@galen/sdk/client/query";
import type { Command } from "commander";
import { fetchRegime, policyText, type Regime } from "../network/regime.ts";
import { openReading } from "../session.ts";
import { type Answer, count, percent, table } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { nameOf } from "../wallet/look-up.ts";
import type { AddressBook } from "../wallet/wallet.ts";

interface Nodes {
  readonly nodes: readonly NodeStatus[];
  readonly totalPower: number;
}

/** `galen validators`. */
export function addValidators(program: Command): void {
  addVerb(program, {
    usage: "validators",
    summary: "List the nodes of the network with their voting power, and the policy that gives it.",
    example: "galen validators",
    async run(options) {
      const { client, wallet } = await openReading(options);
      const { height, result: nodes } = await query<Nodes>(client, "validators.nodes");
      const regime = await fetchRegime(client);
      return validatorsAnswer(wallet, nodes, { ...regime, height });
    },
  });
}

function validatorsAnswer(wallet: AddressBook, { nodes, totalPower }: Nodes, regime: Regime & { readonly height: number }): Answer {
  const { settings, epoch, nextEpochAt, height } = regime;
  const rows = nodes.map((status) => [
    nameOf(wallet, status.node.organisation),
    percent(status.power / totalPower),
    percent(status.targetPower / 1_000_000),
    stateOf(status),
    status.ownStake.toLocaleString("en"),
    status.totalStake.toLocaleString("en"),
    String(status.solutions),
  ]);
  const lines = [
    `policy  ${policyText(regime)}; ${settings.admission === "open" ? "open to nodes that are ready" : "closed to nodes without power"}`,
    `epoch   ${epoch}; power changes next in block ${nextEpochAt}, now at ${height}`,
    "",
    table(["organisation", "power", "aims at", "state", "own stake", "all stake", "solutions"], rows),
    count(nodes.length, "node"),
    ...unreadyHint(nodes),
  ];
  const json = { ...regime, totalPower, nodes: nodes.map((status) => ({ ...status, name: nameOf(wallet, status.node.organisation) })) };
  return { json, text: lines.join("\n") };
}

/** A node without power that is not ready gains none whatever the policy: nothing but its organisation's word brings it back. */
export function unreadyHint(nodes: readonly NodeStatus[]): readonly string[] {
  if (!nodes.some((status) => stateOf(status) === NOT_READY)) return [];
  return [`${NOT_READY}: its sign of life is too old; once the node runs: npx galen node register --ready --as ORGANISATION --data FOLDER`];
}

const NOT_READY = "not ready";

function stateOf({ node, power, isReady }: NodeStatus): string {
  if (node.jail) return `jailed until ${node.jail.until} (${node.jail.reason})`;
  if (node.leaving) return "leaving";
  if (power > 0) return "votes";
  return isReady ? "ready" : NOT_READY;
}
