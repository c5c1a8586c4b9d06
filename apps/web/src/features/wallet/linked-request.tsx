import { GalenError } from "@galen/sdk/client/galen-error";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { codeLink } from "../../keys/code-link.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { fetchOwnProposal, type StandingRequest } from "../../proposals/own-proposals.ts";
import { Failure } from "../../ui/state.tsx";
import { Note } from "../../ui/surface.tsx";
import styles from "./requests.module.css";
import { requestsTexts } from "./requests-texts.ts";

/** The request that a link names, where it does not wait for an answer of this person: what became of it, and how to go on. */
export function LinkedRequest({ proposalId }: { readonly proposalId: string }) {
  const t = useTexts(requestsTexts);
  const names = useNames();
  const { own } = usePerson();
  const network = useNetwork();
  const { data, error, refetch } = useQuery({
    queryKey: ["own-proposals", own.account, "linked", proposalId],
    enabled: network.data !== undefined,
    queryFn: () => fetchLinked(network.data!.client, own, proposalId),
  });
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  if (data === null) return <DamagedLink />;
  const { owner } = data.granting;
  if (!data.proposal.proposal.asked.includes(own.account))
    return <Note tone="warn">{t("linkNotYours", { owner: names.get(owner)?.name ?? shortId(owner) })}</Note>;
  return data.state === "open" ? null : <Ended request={data} />;
}

export function DamagedLink() {
  const t = useTexts(requestsTexts);
  return <Note tone="bad">{t("linkDamaged")}</Note>;
}

/** Null where the ledger has no such request. */
async function fetchLinked(...[client, own, proposalId]: Parameters<typeof fetchOwnProposal>): Promise<StandingRequest | null> {
  try {
    return (await fetchOwnProposal(client, own, proposalId)).request ?? null;
  } catch (error) {
    if (error instanceof GalenError && error.id === "approvals/UnknownProposal") return null;
    throw error;
  }
}

function Ended({ request: { state, proposal, granting } }: { readonly request: StandingRequest }) {
  const t = useTexts(requestsTexts);
  const formats = useFormats();
  const names = useNames();
  const { own } = usePerson();
  const { proposer } = proposal;
  const { ending, expiresAt } = proposal.proposal;
  const known = names.get(proposer)?.name;
  const name = known ?? shortId(proposer);
  const values = { name, at: formats.dateTime(ending?.at ?? expiresAt) };
  if (state === "given") return <Note tone="good">{t("link.given", values)}</Note>;
  const { pathname: to, hash } = new URL(codeLink({ account: proposer, name: known ?? "" }, location.origin));
  return (
    <Note tone="warn">
      <div className={styles.ended}>
        <span>{t(`link.${state === "open" ? "expired" : state}`, values)}</span>
        <span>{t("linkAgain", { name })}</span>
        <Button component={Link} variant="light" to={granting.owner === own.account ? to : `${to}/${granting.owner}`} hash={hash.slice(1)}>
          {t("linkGive", { name })}
        </Button>
      </div>
    </Note>
  );
}
