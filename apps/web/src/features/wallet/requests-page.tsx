import { IconUserQuestion } from "@tabler/icons-react";
import { parseRequestLink } from "../../access/request-link.ts";
import { requestTexts } from "../../access/request-texts.ts";
import { useRequestTerms } from "../../access/request-words.ts";
import { useHash } from "../../frame/hash.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { type StandingRequest, useOwnRequests } from "../../proposals/own-proposals.ts";
import { ListCard } from "../../ui/list.tsx";
import { Row } from "../../ui/row.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { PageHeader, Section, Tag } from "../../ui/surface.tsx";
import { BackTo } from "./back-to.tsx";
import { DamagedLink, LinkedRequest } from "./linked-request.tsx";
import { RequestCard } from "./request-card.tsx";
import styles from "./requests.module.css";
import { requestsTexts } from "./requests-texts.ts";

/** Who asks to see the person's records, or those of somebody for whom the person acts. */
export function Page() {
  const t = useTexts(requestsTexts);
  const { own } = usePerson();
  const hash = useHash();
  const link = parseRequestLink(hash);
  const { data, error, isPending, refetch } = useOwnRequests();
  const asked = data?.filter(({ proposal }) => proposal.proposer !== own.account);
  const isLinked = ({ proposal }: StandingRequest) => proposal.proposalId === link?.proposalId;
  // The longest waiting comes first, so that none that arrives moves what is being read; before it what a link has led to.
  const waiting = asked?.filter(({ state }) => state === "open").toReversed() ?? [];
  const isLinkOpen = waiting.some(isLinked);
  const open = [...waiting.filter(isLinked), ...waiting.filter((one) => !isLinked(one))];
  const past = asked?.filter(({ state }) => state !== "open") ?? [];
  return (
    <>
      <BackTo page="access" />
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {link === undefined && hash !== "" && <DamagedLink />}
      {asked && link && !isLinkOpen && <LinkedRequest proposalId={link.proposalId} />}
      {asked && open.length === 0 && (
        <Empty icon={<IconUserQuestion size={30} />} title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      <div className={styles.requests}>
        {open.map((request) => (
          <RequestCard key={request.proposal.proposalId} request={request} reason={isLinked(request) ? link?.reason : undefined} />
        ))}
      </div>
      {past.length > 0 && <Past requests={past} />}
    </>
  );
}

function Past({ requests }: { readonly requests: readonly StandingRequest[] }) {
  const t = useTexts(requestsTexts);
  const standing = useTexts(requestTexts);
  const termsOf = useRequestTerms();
  const names = useNames();
  return (
    <Section title={t("past")}>
      <ListCard>
        {requests.map((request) => {
          const { proposalId, proposer } = request.proposal;
          return (
            <li key={proposalId}>
              <Row
                terms={termsOf(request)}
                aside={<Tag tone={request.state === "given" ? "good" : "plain"}>{standing(`state.${request.state}`)}</Tag>}
              >
                <strong>{names.get(proposer)?.name ?? shortId(proposer)}</strong>
              </Row>
            </li>
          );
        })}
      </ListCard>
    </Section>
  );
}
