import { submit } from "@galen/sdk/transactions/submit";
import { actorOf, type Session } from "../session.ts";
import { patientOfTown } from "./history.ts";
import { CHILD } from "./synthetic-patients/generate-patient-bundle.ts";

/** The one who acts for the town's child is the next patient. */
const PARENT = CHILD + 1;
/** When the child comes of age; the ledger takes the end in steps of 90 days, so that it tells no birthday. */
const OF_AGE_MS = Date.UTC(2031, 10, 15);
const STEP_MS = 7_776_000_000;

/** Names of those for whom somebody of the town acts. */
export function childrenOf(name: string): readonly string[] {
  return name === patientOfTown(PARENT) ? [patientOfTown(CHILD)] : [];
}

/** Lets the parent act for the child until it comes of age. Done again, it changes nothing. */
export async function makeFamily(session: Session): Promise<void> {
  const [child, parent] = await Promise.all([actorOf(session, patientOfTown(CHILD)), actorOf(session, patientOfTown(PARENT))]);
  const value = {
    owner: child.account,
    delegate: parent.account,
    scopes: ["records.read", "log.read", "vault.grant", "vault.revoke"],
    until: OF_AGE_MS - (OF_AGE_MS % STEP_MS) + STEP_MS,
    ground: "child",
  };
  await submit(session.client, { actors: [child], messages: [{ type: "accounts.delegate", value }] });
}
