import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Membership } from "@galen/ledger/modules/accounts/schema";
import { members } from "@galen/ledger/modules/accounts/state";
import { readHex } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { readProvenList } from "../proofs/read-proven.ts";
import { listPage, type Page, type PageOptions } from "../records/listings.ts";

/** Somebody at an organisation: account, roles, and until when (milliseconds since 1970) if there is an end. */
export type KnownMember = Membership & { readonly member: string };

const ACCOUNT_SIZE = 32;
/** As many as one request proves, with room. */
const PAGE = 100;

/**
 * A page of an organisation's people, the last to be entered or changed first. Each is proven, so that nobody is made up; that nobody is left out the
 * ledger cannot prove. Who left while the page was on its way is not in it, so a page may be shorter than asked. At most 100. Rejects with
 * GalenError api/Forbidden for strangers, `proof/…`.
 */
export async function listMembers(
  client: Client,
  { organisation, limit = PAGE, ...page }: PageOptions & { readonly organisation: string },
): Promise<Page<KnownMember>> {
  const listed = await listPage(client, "/v1/members", { organisation }, { ...page, limit: Math.min(limit, PAGE) });
  const accounts = listed.items.slice(0, PAGE).map(({ member }) => bytesToHex(readHex(member, "member", ACCOUNT_SIZE)));
  if (accounts.length === 0) return { ...listed, items: [] };
  const proven = await readProvenList(
    client,
    members,
    accounts.map((member): [string, string] => [organisation, member]),
  );
  return { ...listed, items: proven.flatMap(({ value }, index) => (value ? [{ member: accounts[index]!, ...value }] : [])) };
}
