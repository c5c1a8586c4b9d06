import type { Grant } from "@galen/ledger/modules/vault/schema";
import { GalenError } from "@galen/sdk/client/galen-error";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { grantAccess, revokeAccess } from "@galen/sdk/records/grants";
import { deriveObjectId } from "@galen/sdk/records/object-id";
import { releaseLog } from "@galen/sdk/records/release-log";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { readRecords } from "../reading/read-records.ts";
import { actorOf, type Session } from "../session.ts";
import { requireEntry } from "../wallet/look-up.ts";
import { inventedName } from "./synthetic-patients/invented-names.ts";
import { CLINIC, CLINIC_DOCTOR, HOSPITAL, HOSPITAL_DOCTOR, INSURER, PHARMACIST, PHARMACY, SUSPENDED_DOCTOR } from "./town.ts";

type Purpose = Grant["purposes"][number];

/** A grant that a patient of the town gave, and what has come of it. */
interface Episode {
  /** Number of the patient. */
  readonly patient: number;
  readonly to:
    | { readonly kind: "person" | "organisation"; readonly name: string }
    | { readonly kind: "role"; readonly name: string; readonly role: "clinician" };
  readonly compartments: readonly string[] | "everything";
  readonly purposes: readonly Purpose[];
  readonly reads?: number;
  readonly credentialType?: "practitioner-licence";
  readonly readBy: readonly (readonly [reader: string, purpose: Purpose])[];
  readonly isRevoked?: boolean;
}

const clinicians = (name: string) => ({ kind: "role", name, role: "clinician" }) as const;
const person = (name: string) => ({ kind: "person", name }) as const;

/** So that every list has something in it: reads of several kinds, refusals, a revoked and an exhausted grant. */
const episodes: readonly Episode[] = [
  {
    patient: 0,
    to: clinicians(HOSPITAL),
    compartments: "everything",
    purposes: ["TREAT", "COC"],
    credentialType: "practitioner-licence",
    readBy: [
      [HOSPITAL_DOCTOR, "TREAT"],
      [SUSPENDED_DOCTOR, "TREAT"],
      [HOSPITAL_DOCTOR, "HRESCH"],
    ],
  },
  {
    patient: 1,
    to: person(CLINIC_DOCTOR),
    compartments: ["general", "laboratory"],
    purposes: ["TREAT"],
    readBy: [[CLINIC_DOCTOR, "TREAT"]],
  },
  {
    patient: 2,
    to: person(HOSPITAL_DOCTOR),
    compartments: "everything",
    purposes: ["TREAT"],
    reads: 1,
    readBy: [
      [HOSPITAL_DOCTOR, "TREAT"],
      [HOSPITAL_DOCTOR, "TREAT"],
    ],
  },
  {
    patient: 3,
    to: { kind: "organisation", name: PHARMACY },
    compartments: ["medication", "general"],
    purposes: ["TREAT"],
    readBy: [[PHARMACIST, "TREAT"]],
  },
  {
    patient: 4,
    to: { kind: "organisation", name: INSURER },
    compartments: ["general"],
    purposes: ["COVAUTH", "HPAYMT"],
    readBy: [[INSURER, "COVAUTH"]],
  },
  {
    patient: 5,
    to: clinicians(CLINIC),
    compartments: "everything",
    purposes: ["TREAT"],
    readBy: [[CLINIC_DOCTOR, "TREAT"]],
    isRevoked: true,
  },
  ...[6, 7, 8, 9, 10, 11].map((patient): Episode => {
    return { patient, to: clinicians(HOSPITAL), compartments: "everything", purposes: ["TREAT"], readBy: [] };
  }),
  // To the house as a whole, which has filed these records itself, so that its desk can issue a health card.
  { patient: 15, to: { kind: "organisation", name: HOSPITAL }, compartments: "everything", purposes: ["TREAT"], readBy: [] },
];

const YEAR_MS = 365 * 86_400_000;

/** Name of a patient of the town by number. */
export function patientOfTown(index: number): string {
  const { given, family } = inventedName(index);
  return `${given} ${family}`;
}

/** Gives and uses the grants of the town; what an interrupted run has done is not done again. */
export async function makeHistory(session: Session): Promise<void> {
  await Promise.all(episodes.map((episode) => play(session, episode)));
}

async function play(session: Session, episode: Episode): Promise<void> {
  const { client } = session;
  const patient = await actorOf(session, patientOfTown(episode.patient));
  const grantId = deriveObjectId(patient.keys.compartmentKey, "grant of the town");
  await unlessDone(grantAccess(client, { as: patient, grantId, ...termsOf(session, episode, patient) }));
  const isLogged = new Set<string>();
  for await (const { reader, purpose, number } of releaseLog(client, patient.account)) isLogged.add(`${number} ${reader} ${purpose}`);
  for (const [number, [name, purpose]] of episode.readBy.entries()) {
    const reader = await actorOf(session, name);
    if (!isLogged.has(`${number} ${reader.account} ${purpose}`))
      await tryToRead(session, { reader, owner: patient.account, purpose, grantId });
  }
  if (episode.isRevoked) await unlessDone(revokeAccess(client, { as: patient, grantId }));
}

function termsOf({ client, wallet }: Session, { to, compartments, purposes, reads, credentialType }: Episode, { keys }: OwnAccount) {
  const { account } = requireEntry(wallet, to.name);
  return {
    grantee: to.kind === "role" ? ({ kind: "role", organisation: account, role: to.role } as const) : { kind: to.kind, account },
    covers:
      compartments === "everything"
        ? ({ kind: "everything" } as const)
        : ({ kind: "compartments", labels: compartments.map((name) => compartmentLabel(keys.compartmentKey, name)) } as const),
    purposes: [...purposes],
    until: client.now() + YEAR_MS,
    ...(reads === undefined ? {} : { reads }),
    ...(credentialType === undefined ? {} : { credentialType }),
  };
}

/** A read that the policy refuses is part of the history, too. */
async function tryToRead(
  session: Session,
  request: { reader: OwnAccount; owner: string; purpose: Purpose; grantId: string },
): Promise<void> {
  try {
    await readRecords(session.client, { as: request.reader, ...request, limit: 3 });
  } catch (error) {
    if (!(error instanceof GalenError) || !error.id.startsWith("release/") || error.id === "release/TooFewShares") throw error;
  }
}

async function unlessDone(step: Promise<unknown>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!(error instanceof GalenError) || (error.id !== "vault/GrantExists" && error.id !== "vault/AlreadyRevoked")) throw error;
  }
}
