import type { Delegation } from "@galen/ledger/modules/accounts/schema";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { proposedBy } from "@galen/sdk/proposals/vote";
import { accessProposal } from "@galen/sdk/records/access-request";
import type { CommittedReason } from "@galen/sdk/records/read-emergency";
import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endOf, type GrantTerms } from "../../access/grant-terms.ts";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { keepHere } from "../../keys/keep-here.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { rememberSigned } from "../../keys/remember.ts";
import { requireNetwork } from "../../network/network.tsx";
import { useSigning } from "../../signing/signing.tsx";

/** What is asked of whom. */
export interface Asking {
  readonly terms: GrantTerms;
  readonly patient: CodeContent;
  /** Who acts for the patient, if somebody does. */
  readonly delegate: CodeContent | undefined;
  readonly reason: string;
}

/** The ledger knows of no power of this account to give access for the patient. */
export class NoPowerError extends Error {
  override readonly name = "NoPowerError";
}

const reasonKey = (proposalId: string) => ["asked-reason", proposalId];

/** The reason of a request that was sent from this tab. It leaves with the tab. */
export function useAskedReason(proposalId: string): CommittedReason | undefined {
  return useQuery<CommittedReason>({ queryKey: reasonKey(proposalId), queryFn: skipToken, staleTime: Number.POSITIVE_INFINITY }).data;
}

/** Asks a patient for access, after the act was shown. Gives the proposal's id. */
export function useAsking() {
  const area = useTexts(compartmentTexts);
  const { own } = usePerson();
  const accounts = useNames();
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn({ terms, patient, delegate, reason }: Asking): Promise<string> {
      const { client } = await requireNetwork();
      if (delegate && !(await mayGive(client, patient.account, delegate.account))) throw new NoPowerError("no delegation");
      const wants = delegate || terms.what === "everything" ? ({ kind: "everything" } as const) : compartments(terms);
      const asking = { as: own, owner: patient.account, delegates: delegate ? [delegate.account] : [], wants };
      const proposal = await accessProposal(client, { ...asking, purposes: [terms.purpose], until: endOf(terms, client.now()), reason });
      const people = delegate ? [patient, delegate] : [patient];
      const named = (id: string) => {
        const name = terms.areas.find((one) => one === proposal.names.get(id));
        return (name && area(name)) ?? (people.find(({ account }) => account === id)?.name || undefined);
      };
      const { proposalId } = proposedBy(await sign({ messages: [proposal.message], names: named }));
      await rememberSigned(people, accounts, "patient");
      await queries.invalidateQueries({ queryKey: ["names"] });
      keepHere(own.account, reasonKey(proposalId), proposal.reason);
      return proposalId;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["own-proposals"] }),
  });
}

function compartments({ areas }: GrantTerms) {
  return { kind: "compartments", names: areas } as const;
}

async function mayGive(client: Client, owner: string, delegate: string): Promise<boolean> {
  try {
    const { scopes, until } = (await query<Delegation>(client, "accounts.delegation", { owner, delegate })).result;
    return scopes.includes("vault.grant") && client.now() < until;
  } catch (error) {
    if (error instanceof GalenError && error.id === "accounts/UnknownDelegation") return false;
    throw error;
  }
}
