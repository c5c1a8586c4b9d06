import { parseBaseUrl } from "@galen/node/peers/peer-report";
import type { Client } from "@galen/sdk/client/client";
import { custodianNodes } from "@galen/sdk/client/custodian-nodes";
import { query } from "@galen/sdk/client/query";
import { rules } from "@galen/sdk/client/rules";
import { status } from "@galen/sdk/client/status";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { custodiansAt } from "../start/collective-key.ts";
import {
  requireChange,
  requireIssuer,
  requireKind,
  requireMember,
  requireNewKind,
  requireNoMember,
  requireOtherTypes,
  requirePossibleUpgrade,
  requireReachableThreshold,
  requireUpgrade,
} from "./hopeless.ts";

type Value = Readonly<Record<string, unknown>>;

/** Something that an alliance decides: a message, under the word that people use for it. */
export interface Subject {
  readonly word: string;
  readonly type: string;
  readonly example: string;
  /** Options beside those of the message's fields. */
  readonly options?: (command: Command) => Command;
  /** Fields that were left out, from what is in force; `flags` are the options that were given. */
  readonly complete?: (client: Client, value: Value, flags: Value) => Promise<Value>;
  /** Refuses what could not take effect, however many approve it; `value` fits the message's schema. */
  check?(client: Client, value: Value): Promise<void>;
  /** Accounts that must sign besides members. */
  readonly alsoAsked?: (value: Value) => readonly unknown[];
}

/** What can be proposed under a word of its own. */
export const subjects: readonly Subject[] = [
  {
    word: "admit-member",
    type: "governance.admitMember",
    example: '--organisation "Sampleton Medical Board"',
    check: requireNoMember,
    alsoAsked: ({ organisation }) => [organisation],
  },
  {
    word: "remove-member",
    type: "governance.removeMember",
    example: '--organisation "Placeholm Mutual"',
    check: requireMember,
  },
  {
    word: "parameters",
    type: "governance.setParameters",
    example: "--max-block-bytes 4194304",
    complete: async (client, value) => ({ ...(await parametersOf(client)), ...value }),
    check: async (client, value) => requireChange(await parametersOf(client), value),
  },
  {
    word: "upgrade",
    type: "governance.scheduleUpgrade",
    example: `--height 500000 --version ${rules.number + 1}`,
    check: requirePossibleUpgrade,
  },
  { word: "cancel-upgrade", type: "governance.cancelUpgrade", example: "", check: requireUpgrade },
  {
    word: "issuer",
    type: "governance.registerIssuer",
    example: `--issuer "Inventow Institute" --credential-types '["training"]'`,
    check: requireOtherTypes,
  },
  { word: "remove-issuer", type: "governance.removeIssuer", example: '--issuer "Sampleton Medical Board"', check: requireIssuer },
  {
    word: "custodians",
    type: "custody.startCeremony",
    example: "",
    options: (command) =>
      command.option(
        "--nodes <urls...>",
        "whose custodians: the addresses of their nodes; by default all nodes that the node knows, and that those know",
      ),
    complete: completeCeremony,
    check: requireReachableThreshold,
  },
  { word: "token", type: "tokens.register", example: "--token-kind credits", check: requireNewKind },
  {
    word: "mint",
    type: "tokens.mint",
    example: '--token-kind shares --account "Sampleton General Hospital" --amount 100',
    check: requireKind,
  },
  {
    word: "policy",
    type: "validators.setPolicy",
    example: `--policy '{"kind":"stake","capBasisPoints":3000}'`,
    complete: async (client, value) => ({ ...(await policyOf(client)).settings, ...value }),
    check: async (client, value) => {
      const { settings, planned = settings } = await policyOf(client);
      requireChange(planned, value);
    },
  },
];

async function parametersOf(client: Client): Promise<Value> {
  return (await query<Value>(client, "governance.parameters")).result;
}

async function policyOf(client: Client): Promise<{ readonly settings: Value; readonly planned?: Value }> {
  return (await query<{ readonly settings: Value; readonly planned?: Value }>(client, "validators.regime")).result;
}

/** A custodian's machine may be restarting: time for each step. */
const CEREMONY_WINDOW_MS = 600_000;

/** What is left out: the custodians at the nodes that were named, or at all; two thirds of them and one to open; the key is made, or handed to them. */
async function completeCeremony(client: Client, given: Value, { nodes }: Value): Promise<Value> {
  const kind = (await status(client)).collectiveKey === null ? "generate" : "reshare";
  const asked = Array.isArray(nodes) ? nodes.map((url) => ({ ...client, url: requireBase(String(url)) })) : await nodesAround(client);
  const found = given.custodians === undefined ? await custodiansAt(asked) : {};
  return { purpose: "release", kind, windowMs: CEREMONY_WINDOW_MS, ...found, ...given };
}

/** Also nodes that only others know: who is left out loses its share, and a new machine has met nobody but the founders. */
async function nodesAround(client: Client): Promise<readonly Client[]> {
  const known = await custodianNodes(client);
  const further = await Promise.all(known.filter(({ url }) => url !== client.url).map(custodianNodes));
  return [...new Map([...known, ...further.flat()].map((node) => [node.url, node])).values()];
}

function requireBase(url: string): string {
  const base = parseBaseUrl(url);
  if (base === undefined)
    throw errors.BadValue({ option: "--nodes", value: url, reason: "the base address of an API, such as https://galen.clinic.example" });
  return base;
}
