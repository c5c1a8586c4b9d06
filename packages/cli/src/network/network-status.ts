import { type Header, headerHash } from "@galen/ledger/block/header";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Anchor } from "@galen/ledger/modules/anchors/schema";
import type { NodeStatus } from "@galen/ledger/modules/validators/schema";
import { nativeCrypto } from "@galen/node/crypto/native";
import { inert } from "@galen/sdk/acts/inert";
import { type Client, createClient } from "@galen/sdk/client/client";
import { peers } from "@galen/sdk/client/custodian-nodes";
import { GalenError } from "@galen/sdk/client/galen-error";
import { isUnknownQuery, query } from "@galen/sdk/client/query";
import { status } from "@galen/sdk/client/status";
import { custodianOrganisations } from "@galen/sdk/custody/custodian-organisations";
import { createRpcProvider } from "@galen/sdk/light/rpc-provider";
import { releaseKeySet } from "@galen/sdk/records/key-set";
import { percent, table, time } from "../terminal/answer.ts";
import { type Agreement, agreementOf, agreementText } from "./agreement.ts";
import { openNetworkFolder } from "./network-folder.ts";
import { organisationOf } from "./node-card.ts";
import {
  type AskedNode,
  calledIn,
  commonChain,
  type Entry,
  furtherNodes,
  type NodeAnswer,
  type NodeLine,
  nodeLines,
  ofChain,
} from "./node-lines.ts";
import { fetchRegime, policyText, type Regime } from "./regime.ts";

/** Where to look: the nodes of a network on this machine, or those that one node knows. */
export type NetworkPlace = { readonly folder: string } | { readonly url: string };

export interface NetworkStatus {
  readonly chainId: string | undefined;
  readonly blockTime: number | undefined;
  readonly nodes: readonly NodeLine[];
  readonly totalPower: number;
  /** Power of the nodes that answer; blocks need more than two thirds. */
  readonly answeringPower: number;
  /** What gives voting power; undefined on a chain of ledger version 1, where nothing changes it. */
  readonly regime: Regime | undefined;
  readonly rules: Rules | undefined;
  readonly custody: Custody | undefined;
  /** When the custodians' ceremony that runs has ended at the latest, in milliseconds; undefined when none runs. */
  readonly ceremonyUntil: number | undefined;
  /** Undefined before the first block. */
  readonly agreement: Agreement | undefined;
  /** Where headers were published last, newest first; undefined on a chain of ledger version 2 or below, which has no such list. */
  readonly anchors: readonly CheckedAnchor[] | undefined;
}

/** Who holds the collective key. */
export interface Custody {
  readonly threshold: number;
  readonly custodians: number;
  readonly epoch: number;
  /** Whose custodians hold the shares, in the order of their places: names of organisations, or the beginnings of their accounts; null where the ledger does not say. */
  readonly organisations: readonly (string | null)[];
}

/** A published header, who states it, and whether every node that answers and holds its block has it; undefined if none holds it. */
export type CheckedAnchor = Anchor & { readonly name: string; readonly isInChain: boolean | undefined };

/** The ledger version in force, and the one that takes over: a node whose program lacks it stops before that block. */
export interface Rules {
  readonly version: number;
  readonly planned?: { readonly height: number; readonly version: number };
}

const TIMEOUT_MS = 5_000;
const SHOWN_ANCHORS = 3;

/** Asks every node of a network how it stands: those in the folder, or the one at the address, and all that they know. */
export async function networkStatus(place: NetworkPlace): Promise<NetworkStatus> {
  const { entries, names } = "folder" in place ? await entriesOfFolder(place.folder) : await entriesKnownTo(place.url);
  const asked = await Promise.all(entries.map(ask));
  const chainId = commonChain(asked);
  const first = ofChain(asked, chainId);
  const found = [...first, ...ofChain(await Promise.all(furtherNodes(first).map(ask)), chainId)];
  const answering = found.flatMap(({ answer }) => answer ?? []);
  const lowest = Math.min(...answering.map(({ said }) => said.height));
  const powers = answering.length > 0 ? await powersAt(answering[0]!.client, lowest) : new Map<string, number>();
  const newest = answering.toSorted((a, b) => b.said.height - a.said.height)[0];
  const seats = newest ? ((await unlessOld(nodesOf(newest.client))) ?? []) : [];
  return {
    chainId,
    blockTime: newest?.said.blockTime,
    nodes: nodeLines(found, { powers, seats, names }),
    totalPower: [...powers.values()].reduce((sum, power) => sum + power, 0),
    answeringPower: answering.reduce((sum, { said }) => sum + (powers.get(said.validator) ?? 0), 0),
    regime: newest && (await unlessOld(fetchRegime(newest.client))),
    rules: newest && (await query<Rules>(newest.client, "governance.upgrade")).result,
    custody: newest && (await custodyOf(newest.client, names)),
    ceremonyUntil: newest && (await ceremonyUntil(newest.client)),
    agreement: answering.length > 0 && lowest > 0 ? agreementOf(lowest, await headersAt(answering, lowest)) : undefined,
    anchors: newest && (await lastAnchors(newest.client, answering, names)),
  };
}

interface Place {
  readonly entries: readonly Entry[];
  /** Names of organisations by their accounts. */
  readonly names: ReadonlyMap<string, string>;
}

async function entriesOfFolder(folder: string): Promise<Place> {
  const cards = (await openNetworkFolder(folder)).nodes.map(({ card }) => card);
  const entries = cards.map(({ content: { name, http, validatorKey } }) => ({ organisation: name, url: http, key: validatorKey }));
  return { entries, names: new Map(cards.map((card) => [organisationOf(card), card.content.name])) };
}

async function entriesKnownTo(url: string): Promise<Place> {
  const client = createClient({ url });
  await peers(client); // whoever names an address wants to hear when nothing answers there
  return { entries: [{ organisation: undefined, url: client.url, key: undefined }], names: new Map() };
}

interface Answering extends NodeAnswer {
  readonly client: Client;
}

/** Without an answer when the node gives none. */
async function ask(entry: Entry): Promise<AskedNode<Answering>> {
  const client = createClient({ url: entry.url, timeoutMs: TIMEOUT_MS, crypto: nativeCrypto });
  try {
    return { ...entry, answer: { client, said: await status(client), peers: await peers(client) } };
  } catch (error) {
    if (error instanceof GalenError) return { ...entry, answer: undefined };
    throw error;
  }
}

async function nodesOf(client: Client) {
  const { nodes } = (await query<{ readonly nodes: readonly NodeStatus[] }>(client, "validators.nodes")).result;
  return nodes.map(({ node }) => node);
}

/** Voting powers by the validators' keys. */
async function powersAt({ url }: Client, height: number): Promise<ReadonlyMap<string, number>> {
  const validators = height > 0 ? await rpcOf(url).validators(height) : undefined;
  return new Map((validators ?? []).map(({ publicKey, power }) => [bytesToHex(publicKey), Number(power)]));
}

function rpcOf(url: string) {
  return createRpcProvider({ url: `${url}/rpc`, sha256: nativeCrypto.sha256, timeoutMs: TIMEOUT_MS });
}

/** What each node says is the header of a block; undefined of one that does not hold it. */
async function headersAt(answering: readonly Answering[], height: number): Promise<(Header | undefined)[]> {
  return Promise.all(answering.map(async ({ client }) => (await rpcOf(client.url).signedHeader(height))?.header));
}

async function lastAnchors(
  client: Client,
  answering: readonly Answering[],
  names: ReadonlyMap<string, string>,
): Promise<NetworkStatus["anchors"]> {
  const asked = query<{ readonly anchors: readonly Anchor[] }>(client, "anchors.list", { limit: SHOWN_ANCHORS });
  const found = (await unlessOld(asked))?.result.anchors;
  if (found === undefined) return undefined;
  return Promise.all(
    found.map(async (anchor) => {
      const held = (await headersAt(answering, anchor.height)).filter((header) => header !== undefined);
      const isSame = held.every((header) => bytesToHex(headerHash(header, nativeCrypto.sha256)) === anchor.headerHash);
      return { ...anchor, name: calledIn(names, anchor.organisation), isInChain: held.length === 0 ? undefined : isSame };
    }),
  );
}

/** Undefined where the chain is of an older ledger version, which has no such question. */
async function unlessOld<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isUnknownQuery(error)) return undefined;
    throw error;
  }
}

/** The end of the last phase, of which less is needed when all custodians take part. */
async function ceremonyUntil(client: Client): Promise<number | undefined> {
  try {
    const { result: running } = await query<{ readonly ceremonyId: string }>(client, "custody.running", { purpose: "release" });
    const { result: ceremony } = await query<{ readonly justifyUntil: number }>(client, "custody.ceremony", running);
    return ceremony.justifyUntil;
  } catch (error) {
    if (error instanceof GalenError && error.id === "custody/UnknownCeremony") return undefined;
    throw error;
  }
}

async function custodyOf(client: Client, names: Place["names"]): Promise<Custody | undefined> {
  try {
    const { threshold, epoch, custodians } = await releaseKeySet(client);
    const found = await custodianOrganisations(client, custodians);
    const organisations = custodians
      .map(({ account }) => found.get(account))
      .map((one) => (one === undefined ? null : calledIn(names, one)));
    return { threshold, epoch, custodians: custodians.length, organisations };
  } catch (error) {
    if (error instanceof GalenError && error.id === "custody/NoKey") return undefined;
    throw error;
  }
}

/** The status as a table and the sentences that an operator looks for first. */
export function statusText(found: NetworkStatus): string {
  const { chainId, blockTime, nodes, totalPower, answeringPower, regime, rules, custody, ceremonyUntil, agreement, anchors } = found;
  const rows = nodes.map(({ organisation, url, height, otherNetwork, readModelLag, peers, power, custodian }) => [
    organisation ?? "",
    url ?? "not known here",
    height === undefined ? silence(url, otherNetwork) : String(height),
    readModelLag === undefined ? "" : String(readModelLag),
    peers === undefined ? "" : `${peers.reached} of ${peers.known}`,
    power === undefined ? "" : percent(power / totalPower),
    custodian === undefined ? "" : custodian === null ? "no share" : `share ${custodian}`,
  ]);
  const headings = ["organisation", "address", "height", "read model behind", "reaches", "power", "custodian"];
  const canDecide = 3 * answeringPower > 2 * totalPower;
  const lines = [
    `network     ${chainId ?? "nobody answers"}${blockTime === undefined ? "" : `, last block ${time(blockTime)}`}`,
    `power       ${percent(answeringPower / totalPower)} answers: ${canDecide ? "enough to make blocks" : "NOT ENOUGH to make blocks, which takes more than two thirds"}`,
    ...(regime ? [`policy      ${policyText(regime)}; power changes next in block ${regime.nextEpochAt}`] : []),
    ...(rules ? [`rules       ${rulesText(rules, nodes)}`] : []),
    `custodians  ${custody ? `${custody.threshold} of ${custody.custodians} open, epoch ${custody.epoch}; ${custodianNames(custody)}` : "no key yet"}${ceremonyUntil === undefined ? "" : `; a ceremony runs until ${time(ceremonyUntil)} at the latest`}`,
    ...(agreement ? [`state       ${agreementText(agreement)}`] : []),
    ...(agreement?.headerHash ? [`header      ${agreement.height}:${agreement.headerHash}`] : []),
    ...anchorLines(anchors),
  ];
  return `${table(headings, rows)}\n\n${lines.join("\n")}`;
}

function custodianNames({ organisations }: Custody): string {
  return `those of ${organisations.map((one) => one ?? "an organisation that the ledger does not name").join(", ")}`;
}

function silence(url: string | undefined, otherNetwork: string | undefined): string {
  if (otherNetwork !== undefined) return `is of ${otherNetwork}`;
  return url === undefined ? "not asked" : "does not answer";
}

function rulesText({ version, planned }: Rules, nodes: readonly NodeLine[]): string {
  if (!planned) return `ledger version ${version}`;
  const lacking = nodes.filter(({ height, newestVersion = version }) => height !== undefined && newestVersion < planned.version);
  const names = lacking.map(({ organisation, url }) => organisation ?? url).join(", ");
  const who =
    lacking.length === 0
      ? "which every node that answers knows"
      : `which is NOT KNOWN to ${names}: without a newer release they stop before it`;
  return `ledger version ${version}; version ${planned.version} from block ${planned.height} on, ${who}`;
}

function anchorLines(anchors: NetworkStatus["anchors"]): string[] {
  if (anchors === undefined) return [];
  if (anchors.length === 0) return ["anchors     none: no header is published outside; `galen anchor statement` gives the line to publish"];
  return anchors.map(({ height, place, name, recordedAt, isInChain }, index) => {
    const verdict = isInChain === undefined ? "block not held here" : isInChain ? "in the chain" : "NOT IN THE CHAIN";
    const statement = `published at ${inert(place)}, as ${name} stated ${time(recordedAt)}`;
    return `${index === 0 ? "anchors   " : "          "}  block ${height}, ${verdict}, ${statement}`;
  });
}
