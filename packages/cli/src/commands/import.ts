import { stderr } from "node:process";
import type { Command } from "commander";
import { authorOf } from "../import/author.ts";
import { bundleFiles, readBundleFile } from "../import/bundle-files.ts";
import { type ImportedFile, type ImportResult, importUntilFailure } from "../import/import-bundles.ts";
import { openSession } from "../session.ts";
import { type Answer, count } from "../terminal/answer.ts";
import { failureOf, failureText, printFailure } from "../terminal/failure.ts";
import { createProgress } from "../terminal/progress.ts";
import { addVerb } from "../verb.ts";

interface ImportFlags {
  readonly author: string;
  readonly organisation?: string;
}

/** `galen import fhir`. */
export function addImport(program: Command): void {
  const group = program.command("import").description("bring records in");
  addVerb<ImportFlags>(group, {
    usage: "fhir <files...>",
    summary: "Import FHIR R4 bundles (files or folders): patients become accounts, encounters become sealed documents.",
    example: 'galen import fhir my-bundles/ --author "Sampleton General Hospital"',
    options: (command) =>
      command
        .requiredOption("--author <name>", "who writes: a member organisation, or one of its care staff")
        .option("--organisation <name>", "for which organisation staff writes; by default the one that the wallet knows"),
    async run({ author, organisation, json, ...options }, ...paths) {
      // Hundreds of documents are signed one after the other: the answer tells what was filed, and not each act.
      const session = await openSession(options);
      const startedAt = performance.now();
      const files = await bundleFiles(paths);
      const progress = createProgress({ silent: json });
      const signal = untilInterrupted();
      const result = await importUntilFailure(session, {
        author: await authorOf(session, { name: author, organisation }),
        files,
        read: readBundleFile,
        onProgress: (done, total, file) => progress.report(done, total, file),
        signal,
      });
      progress.end();
      const [failure] = result.failures;
      if (failure !== undefined && !json) printFailure(failure, {});
      if (failure !== undefined || result.refused.length > 0) process.exitCode = 1;
      if (signal.aborted) process.exitCode = INTERRUPTED;
      return importAnswer(result, { total: files.length, failure, elapsedMs: performance.now() - startedAt });
    },
  });
}

/** What shells expect of who ends at Ctrl-C. */
const INTERRUPTED = 130;

/** Ctrl-C lets the files that are being filed come to their end; pressed again, it ends the program at once. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    stderr.write("\nEnding after the files that are being filed; Ctrl-C again ends at once, and loses nothing that is on file.\n");
    controller.abort();
  });
  return controller.signal;
}

interface Run {
  /** Files that were to be imported. */
  readonly total: number;
  /** What broke it off, if anything did. */
  readonly failure: unknown;
  readonly elapsedMs: number;
}

/** What an import tells. */
export function importAnswer({ files, refused, filed }: ImportResult, { total, failure, elapsedMs }: Run): Answer {
  const sum = (field: "resources" | "documents" | "filed" | "erased") => files.reduce((total, file) => total + file[field], 0);
  const totals = {
    patients: new Set(files.map(({ account }) => account)).size,
    resources: sum("resources"),
    documents: sum("documents"),
    filed,
    alreadyThere: sum("documents") - sum("filed") - sum("erased"),
    erased: sum("erased"),
    unfinished: total - files.length - refused.length,
    seconds: Math.round(elapsedMs) / 1_000,
  };
  const { patients, resources, documents, alreadyThere, erased, unfinished, seconds } = totals;
  const lines = [
    `${count(files.length, "file")}: ${count(patients, "patient")}, ${count(resources, "resource")}, ${count(documents, "document")}.`,
    `${filed} sealed and filed now, ${alreadyThere} already there; ${seconds} s.`,
    ...(erased === 0 ? [] : [erasedSentence(erased)]),
    ...files.flatMap(({ file, patient, sharesIdentifierWith }) =>
      sharesIdentifierWith === undefined ? [] : ["", sharingSentence({ file, patient, sharesIdentifierWith })],
    ),
    ...refused.flatMap((one) => ["", "Refused, nothing of it was written:", failureText(one)]),
    ...(unfinished === 0 && failure === undefined ? [] : ["", brokenOffText(unfinished)]),
  ];
  return { json: { ...totals, files, refused, ...(failure !== undefined && { error: failureOf(failure) }) }, text: lines.join("\n") };
}

function erasedSentence(erased: number): string {
  return erased === 1 ? "1 was erased by its owner and stays so." : `${erased} were erased by their owner and stay so.`;
}

function brokenOffText(unfinished: number): string {
  return `Broken off with ${count(unfinished, "file")} not finished. Run it again: what is on file stays, and the rest is filed.`;
}

function sharingSentence({
  file,
  patient,
  sharesIdentifierWith,
}: Required<Pick<ImportedFile, "file" | "patient" | "sharesIdentifierWith">>): string {
  return `${file} has the identifier of ${sharesIdentifierWith}, but another family name or birth date: it was filed for ${patient}, with an account of its own. If they are one person, correct the file.`;
}
