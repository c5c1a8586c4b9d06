import { constants } from "node:buffer";
import { stderr } from "node:process";
import { type JsonObject, mergeDocuments } from "@galen/gateway";
import { writeReadable } from "@galen/gateway/fhir/readable-json";
import { readAllOwned } from "@galen/gateway/reading/owned-records";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { requireWritable, writeOutput } from "../output-file.ts";
import { createUnreadableList } from "../reading/unreadable.ts";
import { actorOf, openSession } from "../session.ts";
import { count } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { nameOf } from "../wallet/look-up.ts";

interface ExportFlags {
  readonly patient: string;
  readonly out?: string;
}

/** `galen export`. */
export function addExport(program: Command): void {
  addVerb<ExportFlags>(program, {
    usage: "export",
    summary: "Take everything away: one FHIR bundle with every resource that went in, equal to the last digit.",
    example: 'galen export --patient "Alwen Sampleton" --out record.json',
    options: (command) =>
      command
        .requiredOption("--patient <name>", "whose records")
        .option("--out <file>", "the file to write; by default the bundle is printed"),
    async run({ patient, out, ...options }) {
      if (out !== undefined) await requireWritable(out);
      const session = await openSession(options);
      const owner = await actorOf(session, patient);
      const unreadable = createUnreadableList(session.wallet);
      const records = await readAllOwned(session.client, owner, unreadable.note);
      for (const line of unreadable.lines()) stderr.write(`${line}\n`);
      if (records.length === 0) throw errors.NoRecords({ patient: owner.account });
      const bundle = mergeDocuments(records.map(({ content }) => content));
      if (out === undefined) return { json: bundle, text: printable(bundle) };
      await writeOutput(out, writeReadable(bundle));
      const resources = Array.isArray(bundle.entry) ? bundle.entry.length : 0;
      const json = {
        patient: nameOf(session.wallet, owner.account),
        account: owner.account,
        file: out,
        documents: records.length,
        resources,
        unreadable: unreadable.documents,
      };
      return { json, text: `${count(resources, "resource")} from ${count(records.length, "document")}, written to ${out}` };
    },
  });
}

/** Throws Refusal cli/BadValue where it is longer than a text can be. */
function printable(bundle: JsonObject): string {
  const bytes = Buffer.concat([...writeReadable(bundle)]);
  if (bytes.length > constants.MAX_STRING_LENGTH)
    throw errors.BadValue({ option: "--out", reason: "a file: the record is too long to be printed" });
  return bytes.toString("utf8");
}
