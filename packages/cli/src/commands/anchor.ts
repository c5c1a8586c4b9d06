import type { Anchor } from "@galen/ledger/modules/anchors/schema";
import { inert } from "@galen/sdk/acts/inert";
import type { Client } from "@galen/sdk/client/client";
import { chainIdOf, status } from "@galen/sdk/client/status";
import { type AnchorVerdict, checkAnchor, listAnchors, signedHeaderHash } from "@galen/sdk/proofs/anchors";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { parseCount } from "../choices.ts";
import { errors } from "../errors.ts";
import { openReading, openSession } from "../session.ts";
import { type ActingFlags, acting, signingOf } from "../signing.ts";
import { type Answer, table, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { nameOf } from "../wallet/look-up.ts";
import type { AddressBook } from "../wallet/wallet.ts";

const DEFAULT_LISTED = 20;

/** `galen anchor statement|record|list`. */
export function addAnchor(program: Command): void {
  const group = program
    .command("anchor")
    .description("headers of blocks that are published outside, where nobody in the network can change them");
  addVerb(group, {
    usage: "statement [height]",
    summary: "The line to publish: network, block and the hash of its header, as the validators signed it. Default: the newest block.",
    example: "galen anchor statement",
    async run(options, given) {
      const { client } = await openReading(options);
      return statementAnswer(client, given === undefined ? (await status(client)).height : parseCount("height", given));
    },
  });
  addVerb<ActingFlags & { readonly place: string }>(group, {
    usage: "record <height>",
    summary: "State on the ledger where the header of that block was published; for a member of the alliance.",
    example: 'galen anchor record 42 --place "https://gazette.example/2026-11-27" --as "Sampleton General Hospital"',
    options: (command) =>
      acting(command, "the member organisation").requiredOption("--place <text>", "where anybody finds it: an address, an issue and page"),
    async run({ place, ...flags }, given = "") {
      const session = await openSession(flags);
      const { as: actors, beforeSigning } = await signingOf(session, { ...flags, as: [flags.as] });
      const publication = { ...(await headerAt(session.client, parseCount("height", given))), place };
      const { txHash, height } = await submit(session.client, {
        actors,
        beforeSigning,
        messages: [{ type: "anchors.record", value: publication }],
      });
      return { json: { anchor: publication, txHash, height }, text: `Recorded: block ${publication.height} is published at ${place}.` };
    },
  });
  addVerb<{ readonly limit: string }>(group, {
    usage: "list",
    summary: "Where headers of this network were published, newest first, each held against the chain as the validators signed it.",
    example: "galen anchor list",
    options: (command) => command.option("--limit <count>", "how many", String(DEFAULT_LISTED)),
    async run({ limit, ...options }) {
      const { client, wallet } = await openReading(options);
      const found = await listAnchors(client, parseCount("--limit", limit));
      const checked: Checked[] = [];
      for (const anchor of found) checked.push({ ...anchor, verdict: await checkAnchor(client, anchor) });
      return listAnswer(wallet, checked);
    },
  });
}

async function statementAnswer(client: Client, height: number): Promise<Answer> {
  const json = { chainId: await chainIdOf(client), ...(await headerAt(client, height)) };
  return { json, text: `Galen network ${json.chainId}, block ${height}: ${json.headerHash}` };
}

async function headerAt(client: Client, height: number): Promise<{ readonly height: number; readonly headerHash: string }> {
  const headerHash = await signedHeaderHash(client, height);
  if (headerHash === undefined) throw errors.NoBlock({ height });
  return { height, headerHash };
}

type Checked = Anchor & { readonly verdict: AnchorVerdict };

const VERDICTS: Readonly<Record<AnchorVerdict, string>> = {
  fits: "in the chain",
  contradicts: "NOT IN THE CHAIN",
  notHeld: "block not held by this node",
};

function listAnswer(wallet: AddressBook, anchors: readonly Checked[]): Answer {
  if (anchors.length === 0) return { json: { anchors }, text: "No block of this network is stated to be published anywhere." };
  const rows = anchors.map(({ height, headerHash, place, organisation, recordedAt, verdict }) => [
    String(height),
    VERDICTS[verdict],
    headerHash,
    nameOf(wallet, organisation),
    time(recordedAt),
    inert(place),
  ]);
  const text = table(["block", "", "hash of its header", "stated by", "recorded", "published at"], rows);
  const hint = "\n\nThe chain is checked here. Whether the place says the same, look there.";
  return { json: { anchors: anchors.map((one) => ({ ...one, name: nameOf(wallet, one.organisation) })) }, text: text + hint };
}
