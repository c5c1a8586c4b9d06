import type { Client } from "@galen/sdk/client/client";
import { inParallel } from "@galen/sdk/client/in-parallel";
import { fetchProposal, type KnownProposal, listProposals } from "@galen/sdk/proposals/proposal";
import { type AccessRequest, type RequestState, readAccessRequest, requestStateOf } from "@galen/sdk/records/access-request";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { useQuery } from "@tanstack/react-query";
import { areas } from "../access/grant-terms.ts";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";

/** More open ones of a kind than anybody answers; who is asked for more sees the latest. */
const MAX_OPEN = 60;
/** Of those that have ended, as many as one remembers. */
const MAX_LATEST = 20;
const PARALLEL = 6;

/** A proposal that the person made or is asked for. */
export interface OwnProposal {
  readonly known: KnownProposal;
  /** Where it asks an owner for access. */
  readonly request: StandingRequest | undefined;
}

/** A request for access, and how it stands. */
export interface StandingRequest extends AccessRequest {
  readonly state: RequestState;
}

/** The person's proposals, the latest first. What each would do is checked against the hash that an approval names. */
export function useOwnProposals() {
  return useProposalsOf(usePerson().own.account);
}

/** Those that an account made or is asked for, such as the person's house. */
export function useProposalsOf(voter: string) {
  const { own } = usePerson();
  const network = useNetwork();
  return useQuery({
    queryKey: ["own-proposals", own.account, voter],
    enabled: network.data !== undefined,
    queryFn: () => fetchProposalsOf(network.data!.client, own, voter),
  });
}

/** The requests for access among them. */
export function useOwnRequests() {
  const { data, ...rest } = useOwnProposals();
  return { ...rest, data: data?.flatMap(({ request }) => request ?? []) };
}

async function fetchProposalsOf(client: Client, own: OwnAccount, voter: string): Promise<readonly OwnProposal[]> {
  const pages = await Promise.all([
    // Apart, so that no number of requests hides a decision.
    listProposals(client, { voter, about: "decision", limit: MAX_OPEN }),
    listProposals(client, { voter, about: "access", limit: MAX_OPEN }),
    listProposals(client, { voter, which: "all", limit: MAX_LATEST }),
  ]);
  const ids = new Set(pages.flatMap(({ items }) => items.map(({ proposalId }) => String(proposalId))));
  const found = await inParallel([...ids], PARALLEL, (proposalId) => fetchOwnProposal(client, own, proposalId));
  return found.toSorted((a, b) => b.known.proposal.createdAt - a.known.proposal.createdAt);
}

/** One proposal, as the person can read it. Rejects with GalenError. */
export async function fetchOwnProposal(client: Client, own: OwnAccount, proposalId: string): Promise<OwnProposal> {
  const known = await fetchProposal(client, proposalId);
  const request = await readAccessRequest(client, { own, proposal: known, names: areas });
  return { known, request: request && { ...request, state: await requestStateOf(client, request) } };
}

/** Whether somebody may still say yes or no to a proposal. */
export function canVote({ proposal, counting }: KnownProposal, account: string, now: number): boolean {
  const isOpen = proposal.ending === undefined && now < proposal.expiresAt;
  return isOpen && proposal.asked.includes(account) && !counting.includes(account) && !proposal.declined.includes(account);
}
