import { calm } from "@galen/sdk/acts/inert";
import { type Client, createClient } from "@galen/sdk/client/client";
import { custodianNodes } from "@galen/sdk/client/custodian-nodes";
import { type AuditFinding, auditCustodian, type CustodianAudit, type EntryReference } from "@galen/sdk/custody/audit-custodian";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { openReading } from "../session.ts";
import { count, shortId } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";

interface LogFlags {
  readonly custodian?: string;
  readonly known?: string;
}

/** `galen custody`: what the custodians of the collective key have done. */
export function addCustody(program: Command): void {
  const custody = program.command("custody").description("Audit the custodians of the collective key.");
  addVerb<LogFlags>(custody, {
    usage: "log",
    summary:
      "Compare what the custodians say they have answered with the releases of the ledger. Ends with 1 when something does not match.",
    example: "galen custody log",
    options: (command) =>
      command
        .option("--custodian <url>", "the node of one custodian; by default all that the node knows")
        .option("--known <number:hash>", "the newest entry of an earlier audit of this custodian: the log must still hold it"),
    async run({ custodian, known, ...options }) {
      const { client } = await openReading(options);
      const nodes = custodian === undefined ? await custodianNodes(client) : [createClient({ url: custodian })];
      if (known !== undefined && nodes.length > 1)
        throw errors.BadValue({ option: "--known", reason: "also --custodian: the entry is one of a single custodian" });
      const reference = known === undefined ? undefined : parseKnown(known);
      const audits = await Promise.all(nodes.map(async (node) => ({ url: node.url, ...(await auditOrFailure(client, node, reference)) })));
      const isClean = audits.every(({ audit }) => audit?.findings.length === 0);
      if (!isClean) process.exitCode = 1;
      return { json: audits, text: audits.map(auditText).join("\n") };
    },
  });
}

interface AuditOrFailure {
  readonly audit?: CustodianAudit;
  readonly failure?: string;
}

/** A custodian that does not answer keeps nobody from auditing the others. */
async function auditOrFailure(client: Client, node: Client, known: EntryReference | undefined): Promise<AuditOrFailure> {
  try {
    return { audit: await auditCustodian(client, node, known) };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

const faultText: Readonly<Record<AuditFinding["fault"], string>> = {
  "log-altered": "it is not the entry that follows the one before it: the log was changed",
  "log-shortened": "an earlier audit has seen this entry, and it is gone or another: the log was changed",
  "no-release": "a share was given out, and the ledger has no such release",
  "refused-release": "a share was given out for a release that the ledger has refused",
  "other-reader": "a share was given to another reader than the ledger names",
  "served-before-commit": "a share was given out before the release stood on the ledger",
};

function auditText({ url, audit, failure }: AuditOrFailure & { readonly url: string }): string {
  if (!audit) return `${url}  not audited: ${calm(failure ?? "")}`;
  const { entries, last, findings } = audit;
  const state = findings.length === 0 ? "all of them follow a release on the ledger" : `${count(findings.length, "finding")}:`;
  const newest = last ? `; newest ${last.number}:${last.hash}` : "";
  const lines = findings.map(({ number, fault, releaseId }) => {
    const release = releaseId === "" ? "" : `, release ${shortId(releaseId)}`;
    return `  entry ${number}${release}: ${faultText[fault]} [${fault}]`;
  });
  return [`${url}  ${count(entries, "answer")}, ${state}${newest}`, ...lines].join("\n");
}

function parseKnown(text: string): EntryReference {
  const [, number, hash] = /^([0-9]{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number === undefined || hash === undefined)
    throw errors.BadValue({ option: "--known", value: text, reason: "number:hash, as an earlier audit has shown it" });
  return { number: Number(number), hash };
}
