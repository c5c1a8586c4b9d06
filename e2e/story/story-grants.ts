import type { Client, OwnAccount } from "@galen/sdk";
import { compartmentLabel, type GrantOptions, grantAccess } from "@galen/sdk";
import type { Cast } from "./cast.ts";
import type { Notebook } from "./report.ts";

/** The grants that every patient of the story gives, each made for one way in which a read ends. */
export interface StoryGrants {
  /** Everything, to licensed clinicians of the hospital. */
  readonly good: string;
  readonly revoked: string;
  /** Ends a moment after it is given. */
  readonly shortLived: string;
  readonly early: string;
  /** For one read. */
  readonly single: string;
  /** For a compartment in which nothing lies. */
  readonly elsewhere: string;
}

/** How long the grant lives that a read comes too late for; counted from its making, so it must outlast the way to the ledger. */
export const SHORT_LIFE_MS = 4_000;
const HOUR_MS = 3_600_000;

/** Gives all of them. */
export async function giveGrants(
  client: Client,
  patient: OwnAccount,
  { hospital, doctor }: Cast,
  { report }: Notebook,
): Promise<StoryGrants> {
  const now = client.now();
  const give = async (terms: Partial<GrantOptions> = {}) => {
    const grant = {
      grantee: { kind: "person", account: doctor.account },
      covers: { kind: "everything" },
      purposes: ["TREAT"],
      until: now + HOUR_MS,
    } as const;
    const { grantId } = await grantAccess(client, { as: patient, ...grant, purposes: [...grant.purposes], ...terms });
    report.grants += 1;
    return grantId;
  };
  const clinicians = { kind: "role", organisation: hospital.account, role: "clinician" } as const;
  const unused = compartmentLabel(patient.keys.compartmentKey, "a compartment in which nothing lies");
  const [good, revoked, shortLived, early, single, elsewhere] = await Promise.all([
    give({ grantee: clinicians, purposes: ["TREAT", "COC"], credentialType: "practitioner-licence" }),
    give(),
    give({ until: now + SHORT_LIFE_MS }),
    give({ from: now + HOUR_MS / 2 }),
    give({ reads: 1 }),
    give({ covers: { kind: "compartments", labels: [unused] } }),
  ]);
  return { good, revoked, shortLived, early, single, elsewhere };
}
