import { COMPARTMENTS } from "@galen/gateway";
import { fetchLabels } from "@galen/gateway/reading/fetch-labels";
import { unreviewedUses } from "@galen/sdk/records/unreviewed-uses";
import type { Command } from "commander";
import { parseCompartment } from "../choices.ts";
import { errors } from "../errors.ts";
import { completeReleaseId } from "../reading/complete-id.ts";
import { actorOf, openReading, openSession } from "../session.ts";
import { type ActingFlags, acting, signAndSend } from "../signing.ts";
import { count, shortId, table, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountOf, nameOf } from "../wallet/look-up.ts";

/** `galen emergency allow|forbid|list|review`. */
export function addEmergency(program: Command): void {
  const group = program.command("emergency").description("reading without a grant when it cannot wait: allow it, look through it");
  addAllow(group);
  addForbid(group);
  addList(group);
  addReview(group);
}

function addAllow(group: Command): void {
  addVerb<ActingFlags & { readonly compartment?: readonly string[]; readonly everything?: boolean }>(group, {
    usage: "allow",
    summary: "Let licensed practitioners read in an emergency, without a grant. You are told at once, and it is reviewed.",
    example: 'galen emergency allow --compartment general laboratory --as "Brisa Testerly"',
    options: (command) =>
      acting(command, "the patient")
        .option("--compartment <names...>", `what opens: ${COMPARTMENTS.join(", ")}`)
        .option("--everything", "all records, also those that are filed later"),
    async run({ compartment = [], everything = false, ...flags }) {
      if (compartment.length > 0 === everything)
        throw errors.BadValue({ option: "--compartment", reason: "give one of --compartment, --everything" });
      const session = await openSession(flags);
      const owner = await actorOf(session, flags.as);
      const names = compartment.map(parseCompartment);
      const opens = everything ? { kind: "everything" } : { kind: "compartments", labels: await fetchLabels(session.client, owner, names) };
      return signAndSend(session, flags, { type: "emergency.allow", value: { owner: owner.account, opens } });
    },
  });
}

function addForbid(group: Command): void {
  addVerb<ActingFlags>(group, {
    usage: "forbid",
    summary: "Let nobody read without a grant, not even in an emergency.",
    example: 'galen emergency forbid --as "Brisa Testerly"',
    options: (command) => acting(command, "the patient"),
    async run(flags) {
      const session = await openSession(flags);
      return signAndSend(session, flags, { type: "emergency.forbid", value: { owner: accountOf(session.wallet, flags.as) } });
    },
  });
}

function addReview(group: Command): void {
  addVerb<ActingFlags & { readonly justified?: boolean; readonly unjustified?: boolean; readonly organisation?: string }>(group, {
    usage: "review <release>",
    summary: "Say whether a reading in an emergency was justified: as the patient, or as an auditor of another house.",
    example: 'galen emergency review 81d2 --unjustified --as "Brisa Testerly"',
    options: (command) =>
      acting(command, "who reviews")
        .option("--justified", "it was")
        .option("--unjustified", "it was not")
        .option("--organisation <name>", "as an auditor of this member of the alliance"),
    async run({ justified = false, unjustified = false, organisation, ...flags }, start = "") {
      if (justified === unjustified) throw errors.BadValue({ option: "--justified", reason: "give one of --justified, --unjustified" });
      const session = await openSession(flags);
      const house = organisation === undefined ? {} : { organisation: accountOf(session.wallet, organisation) };
      const releaseId = await completeReleaseId(session.client, { account: accountOf(session.wallet, flags.as), start });
      const value = { releaseId, judgement: justified ? "justified" : "unjustified", ...house };
      return signAndSend(session, flags, { type: "emergency.review", value });
    },
  });
}

function addList(group: Command): void {
  addVerb<object>(group, {
    usage: "list",
    summary: "Show the readings in an emergency that no auditor has looked at, the oldest first.",
    example: "galen emergency list",
    async run(options) {
      const { client, wallet } = await openReading(options);
      const uses = await unreviewedUses(client);
      const json = uses.map((use) => ({ ...use, readerName: nameOf(wallet, use.reader), ownerName: nameOf(wallet, use.owner) }));
      const rows = json.map(({ releaseId, at, readerName, ownerName, byOwner }) => [
        time(at),
        readerName,
        ownerName,
        byOwner?.judgement ?? "",
        shortId(releaseId),
      ]);
      return {
        json,
        text: `${table(["when", "reader", "patient", "the patient says", "release"], rows)}\n${count(rows.length, "reading")}`,
      };
    },
  });
}
