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
 * The label of a compartment for an author who does not know the patient's own. What it stands for, the sealed documents under it tell the patient alone, whose
 * wallet names it in grants of the area from then on; a grant that was given before does not cover it.
 */
export function authorsLabel(author: OwnAccount, owner: string, compartment: string): string {
  return compartmentLabel(author.keys.compartmentKey, `${owner}/${compartment}`);
}
