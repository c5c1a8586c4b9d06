import { readRecords } from "@galen/cli/reading/read-records";
import { MAX_OBJECTS } from "@galen/ledger/modules/vault/schema";
import type { LoggedRelease } from "@galen/sdk";
import { type Client, GalenError, type OwnAccount, readGranted, revokeAccess } from "@galen/sdk";
import type { Cast } from "./cast.ts";
import type { Notebook } from "./report.ts";
import type { StoryGrants } from "./story-grants.ts";

type Purpose = LoggedRelease["purpose"];

/** What the patient's log must hold after a read, oldest first. */
export interface ExpectedEntry {
  readonly reader: string;
  readonly purpose: Purpose;
  readonly grantId: string | undefined;
  /** "released", or the reason of the refusal. */
  readonly outcome: string;
  readonly objectIds: readonly string[];
}

export interface PatientReads {
  readonly client: Client;
  readonly patient: OwnAccount;
  readonly cast: Cast;
  readonly grants: StoryGrants;
  /** In the order of the ledger's list, newest first; with their plaintext, as the owner opened it. */
  readonly plaintexts: ReadonlyMap<string, Uint8Array>;
  readonly notebook: Notebook;
}

interface Attempt {
  readonly as: OwnAccount;
  readonly grantId?: string;
  readonly purpose?: Purpose;
}

/** The reads that one patient's grants allow and refuse, one after the other, but for the one that comes too late. */
export async function readInManyWays(reads: PatientReads): Promise<readonly ExpectedEntry[]> {
  const { client, patient, cast, grants } = reads;
  const { doctor, suspended, unlicensed, stranger } = cast;
  await revokeAccess(client, { as: patient, grantId: grants.revoked });
  return [
    ...(await readAll(reads)),
    ...(await readOne(reads, { as: doctor, grantId: grants.single })),
    await refusedRead(reads, "GrantExhausted", { as: doctor, grantId: grants.single }),
    await refusedRead(reads, "NoGrant", { as: doctor }),
    await refusedRead(reads, "NotMember", { as: stranger, grantId: grants.good }),
    await refusedRead(reads, "GrantRevoked", { as: doctor, grantId: grants.revoked }),
    await refusedRead(reads, "GrantNotYet", { as: doctor, grantId: grants.early }),
    await refusedRead(reads, "WrongPurpose", { as: doctor, grantId: grants.good, purpose: "HRESCH" }),
    await refusedRead(reads, "WrongCompartment", { as: doctor, grantId: grants.elsewhere }),
    await refusedRead(reads, "CredentialMissing", { as: unlicensed, grantId: grants.good }),
    await refusedRead(reads, "CredentialSuspended", { as: suspended, grantId: grants.good }),
  ];
}

/** The read that comes after its grant has ended. */
export function readTooLate(reads: PatientReads): Promise<ExpectedEntry> {
  return refusedRead(reads, "GrantExpired", { as: reads.cast.doctor, grantId: reads.grants.shortLived });
}

/** Everything under the good grant; an entry for each `MAX_OBJECTS` documents. */
async function readAll(reads: PatientReads): Promise<readonly ExpectedEntry[]> {
  const { client, patient, cast, grants, notebook } = reads;
  const { releaseIds, opened } = await readRecords(client, {
    as: cast.doctor,
    owner: patient.account,
    purpose: "TREAT",
    grantId: grants.good,
  });
  notebook.check(opened.length === reads.plaintexts.size, `a clinician read ${opened.length} of ${reads.plaintexts.size} documents`);
  compareOpened(reads, opened);
  const ids = opened.map(({ object }) => object.objectId);
  const requests = Math.ceil(ids.length / MAX_OBJECTS);
  notebook.check(releaseIds.length === requests, `${ids.length} documents were asked for in ${releaseIds.length} requests`);
  return Array.from({ length: requests }, (_, part) => {
    const objectIds = ids.slice(part * MAX_OBJECTS, (part + 1) * MAX_OBJECTS);
    return { reader: cast.doctor.account, purpose: "TREAT", grantId: grants.good, outcome: "released", objectIds };
  });
}

async function readOne(reads: PatientReads, { as, grantId }: Required<Pick<Attempt, "as" | "grantId">>): Promise<readonly ExpectedEntry[]> {
  const objectIds = oneOf(reads);
  const { opened } = await readGranted(reads.client, { as, objectIds, purpose: "TREAT", grantId });
  compareOpened(reads, opened);
  return [{ reader: as.account, purpose: "TREAT", grantId, outcome: "released", objectIds }];
}

function compareOpened({ plaintexts, notebook }: PatientReads, opened: Awaited<ReturnType<typeof readGranted>>["opened"]): void {
  notebook.report.readsAllowed += 1;
  for (const { object, plaintext } of opened) {
    const expected = plaintexts.get(object.objectId);
    notebook.check(
      expected !== undefined && Buffer.from(plaintext).equals(expected),
      `a clinician read other bytes of ${object.objectId} than its owner`,
    );
  }
}

async function refusedRead(reads: PatientReads, reason: string, { as, grantId, purpose = "TREAT" }: Attempt): Promise<ExpectedEntry> {
  const objectIds = oneOf(reads);
  const outcome = await outcomeOf(readGranted(reads.client, { as, objectIds, purpose, ...(grantId === undefined ? {} : { grantId }) }));
  reads.notebook.check(outcome === `release/${reason}`, `a read that must be refused as ${reason} ended as ${outcome}`);
  reads.notebook.refused(reason);
  return { reader: as.account, purpose, grantId, outcome: reason, objectIds };
}

async function outcomeOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return "released";
  } catch (error) {
    if (error instanceof GalenError) return error.id;
    throw error;
  }
}

function oneOf({ plaintexts }: PatientReads): readonly string[] {
  return [...plaintexts.keys()].slice(0, 1);
}
