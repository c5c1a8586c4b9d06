import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "../errors.ts";
import { actorOf, type Session } from "../session.ts";
import { accountOf, requireOwnEntry } from "../wallet/look-up.ts";

/** Who writes documents, as `fileDocuments` takes it. */
export interface Author {
  readonly as: OwnAccount;
  /** The member organisation for which staff writes. */
  readonly organisation?: string;
}

/**
 * The author of a name: an organisation writes for itself, a person for the organisation that is named, or that the wallet knows as the place of
 * work. Throws Refusal cli/UnknownName, cli/NoKeys, cli/NotForOrganisation.
 */
export async function authorOf(
  session: Session,
  { name, organisation }: { name: string; organisation?: string | undefined },
): Promise<Author> {
  const entry = requireOwnEntry(session.wallet, name);
  const as = await actorOf(session, name);
  if (organisation !== undefined) return { as, organisation: accountOf(session.wallet, organisation) };
  if (entry.kind === "organisation") return { as };
  if (entry.worksFor === undefined) throw errors.NotForOrganisation({ author: entry.name });
  return { as, organisation: entry.worksFor };
}
