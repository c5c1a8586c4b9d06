import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import type { FileOptions } from "@galen/sdk/records/file-documents";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { Person } from "../keys/person.ts";

/** Who writes documents, as the SDK takes it: an organisation for itself, its staff in its name. */
export function authorOf({ own, saved }: Person): Pick<FileOptions, "as" | "organisation"> {
  if (saved.kind === "organisation" || saved.worksFor === undefined) return { as: own };
  return { as: own, organisation: saved.worksFor };
}

/**
 * The label of a compartment for an author who does not know the patient's own: no grant of areas names it, so that what lies under it opens to the patient,
 * and to those who may see everything or the document itself.
 */
export function authorsLabel(author: OwnAccount, owner: string, compartment: string): string {
  return compartmentLabel(author.keys.compartmentKey, `${owner}/${compartment}`);
}
