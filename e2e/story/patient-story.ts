import type { Session } from "@galen/cli/session";
import { type CheckedBundle, compareBundles, mergeDocuments, splitBundle } from "@galen/gateway";
import { contentsOf, readAllOwned } from "@galen/gateway/reading/owned-records";
import { type LoggedRelease, type OwnAccount, readOwn, releaseLog } from "@galen/sdk";
import type { Cast } from "./cast.ts";
import type { Notebook } from "./report.ts";
import { giveGrants } from "./story-grants.ts";
import { proveSubjects } from "./story-proofs.ts";
import { type ExpectedEntry, type PatientReads, readInManyWays, readTooLate } from "./story-reads.ts";

/** A patient with the bundles that went in. */
export interface ToldPatient {
  readonly patient: OwnAccount;
  readonly bundles: readonly CheckedBundle[];
}

/** What is left to tell once the short-lived grant has ended. */
export type Ending = () => Promise<void>;

/** Lists, shows, exports, grants and reads the records of one patient. */
export async function tellPatient({ client }: Session, told: ToldPatient, cast: Cast, notebook: Notebook): Promise<Ending> {
  const { patient, bundles } = told;
  const records = await readAllOwned(client, patient);
  const documents = new Set((await Promise.all(bundles.map(splitBundle))).flat().map(({ key }) => key));
  notebook.check(records.length === documents.size, `${patient.account} lists ${records.length} documents instead of ${documents.size}`);
  notebook.report.patients += 1;
  notebook.report.documents += records.length;
  compareExport(told, mergeDocuments(records.map(({ content }) => content)), notebook);

  const opened = await readOwn(client, { as: patient, objectIds: records.map(({ objectId }) => objectId) });
  const plaintexts = new Map(opened.map(({ object, plaintext }) => [object.objectId, plaintext]));
  notebook.check(contentsOf(opened).length === records.length, `${patient.account} has a document that is no bundle`);
  const grants = await giveGrants(client, patient, cast, notebook);
  const reads: PatientReads = { client, patient, cast, grants, plaintexts, notebook };
  const entries = await readInManyWays(reads);
  return async () => {
    const all = [...entries, await readTooLate(reads)];
    const log = await logOf(reads);
    compareLog(all, log, notebook);
    const [release] = log;
    const transaction = await transactionOf(reads, release!);
    const absent = release!.releaseId.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    await proveSubjects(
      client,
      { document: records[0]!.objectId, grant: grants.good, release: release!.releaseId, transaction, absent },
      notebook,
    );
  };
}

function compareExport({ patient, bundles }: ToldPatient, exported: ReturnType<typeof mergeDocuments>, { report, check }: Notebook): void {
  for (const { bundle } of bundles) {
    const { resources, equal, differences } = compareBundles(bundle, exported);
    report.resourcesIn += resources;
    report.resourcesEqualOut += equal;
    // Several bundles of one patient come back as one, in which each has the others' resources beside its own.
    const wrong = bundles.length === 1 ? differences : differences.filter(({ kind }) => kind === "missing" || kind === "changed");
    for (const { kind, path } of wrong) check(false, `the export of ${patient.account} has ${kind} ${path}`);
  }
}

/** Oldest first. */
async function logOf({ client, patient }: PatientReads): Promise<readonly LoggedRelease[]> {
  const entries: LoggedRelease[] = [];
  for await (const entry of releaseLog(client, patient.account)) entries.push(entry);
  return entries.reverse();
}

function compareLog(expected: readonly ExpectedEntry[], log: readonly LoggedRelease[], { report, check }: Notebook): void {
  check(log.length === expected.length, `a log has ${log.length} entries instead of ${expected.length}`);
  for (const [number, entry] of log.entries()) {
    const { reader, purpose, grantId, outcome, objects } = entry;
    const told = [
      reader,
      purpose,
      grantId,
      outcome.kind === "released" ? "released" : outcome.reason,
      objects.map(({ objectId }) => objectId),
    ];
    const wanted = expected[number];
    const isEqual =
      wanted && JSON.stringify(told) === JSON.stringify([wanted.reader, wanted.purpose, wanted.grantId, wanted.outcome, wanted.objectIds]);
    check(isEqual === true, `entry ${number} of a log says ${JSON.stringify(told.slice(0, 4))}`);
    report.releasesLogged += 1;
  }
}

/** Hash of the transaction that wrote a log entry, found in its block. */
async function transactionOf({ client }: PatientReads, { height }: LoggedRelease): Promise<string> {
  const block = (await (await client.fetch(`${client.url}/v1/blocks/${height}`)).json()) as { readonly txHashes: readonly string[] };
  return block.txHashes[0]!;
}
