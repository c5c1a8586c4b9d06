import { Button, CopyButton } from "@mantine/core";
import { IconPlus, IconUserQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { requestLink } from "../../access/request-link.ts";
import { requestTexts } from "../../access/request-texts.ts";
import { useRequestTerms } from "../../access/request-words.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { type StandingRequest, useOwnRequests } from "../../proposals/own-proposals.ts";
import { useVoting, voteMessage } from "../../proposals/use-voting.ts";
import { notify } from "../../ui/notify.ts";
import { QrCode } from "../../ui/qr-code.tsx";
import { Row } from "../../ui/row.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Avatar, Card, Note, PageHeader, Section, Tag } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { usePatientName } from "./patients-page.tsx";
import { askTexts } from "./request-texts.ts";
import { useAskedReason } from "./use-asking.ts";

/** What the person has asked patients for, and what became of it: live. */
export function Page() {
  const t = useTexts(askTexts);
  const { own } = usePerson();
  const { data, error, isPending, refetch } = useOwnRequests();
  const requests = data?.filter(({ proposal }) => proposal.proposer === own.account);
  const open = requests?.filter(({ state }) => state === "open") ?? [];
  const past = requests?.filter(({ state }) => state !== "open") ?? [];
  return (
    <>
      <PageHeader title={t("requestsTitle")} lead={t("requestsLead")}>
        <Button component={Link} to="/clinician/ask" leftSection={<IconPlus size={22} />}>
          {t("ask")}
        </Button>
      </PageHeader>
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {requests?.length === 0 && (
        <Empty icon={<IconUserQuestion size={30} />} title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      {open.length > 0 && <Requests title={t("openTitle")} requests={open} />}
      {past.length > 0 && <Requests title={t("pastTitle")} requests={past} />}
    </>
  );
}

function Requests({ title, requests }: { readonly title: string; readonly requests: readonly StandingRequest[] }) {
  return (
    <Section title={title}>
      <ul className={styles.patients}>
        {requests.map((request) => (
          <li key={request.proposal.proposalId}>
            <RequestRow request={request} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function RequestRow({ request }: { readonly request: StandingRequest }) {
  const t = useTexts(askTexts);
  const standing = useTexts(requestTexts);
  const formats = useFormats();
  const termsOf = useRequestTerms();
  const { granting, proposal, state } = request;
  const name = usePatientName()(granting.owner);
  return (
    <Card>
      <Row
        lead={<Avatar name={name} />}
        terms={
          <>
            {termsOf(request)}
            {state === "open" && <div>{standing("answerBy", { at: formats.dateTime(proposal.proposal.expiresAt) })}</div>}
          </>
        }
        aside={
          <>
            <Tag tone={state === "given" ? "good" : "plain"}>{standing(`state.${state}`)}</Tag>
            {state === "given" && (
              <Button component={Link} to={`/clinician/patients/${granting.owner}`}>
                {t("openRecord")}
              </Button>
            )}
            {state === "open" && <WithdrawButton request={request} name={name} />}
          </>
        }
      >
        <strong>{name}</strong>
      </Row>
      {state === "open" && <ReasonCode proposalId={proposal.proposalId} name={name} />}
    </Card>
  );
}

function WithdrawButton({ request: { proposal: known }, name }: { readonly request: StandingRequest; readonly name: string }) {
  const t = useTexts(askTexts);
  const { mutateAsync, isPending, error } = useVoting();
  async function withdraw(): Promise<void> {
    await mutateAsync({ known, messages: [voteMessage("withdraw", known)] });
    void notify({ title: t("withdrawn"), message: t("withdrawnText", { name }) });
  }
  return (
    <>
      <Button
        variant="default"
        loading={isPending}
        aria-label={`${t("withdraw")}: ${name}`}
        // What went wrong is shown from the mutation.
        onClick={() => void withdraw().catch(() => undefined)}
      >
        {t("withdraw")}
      </Button>
      {error && <Note tone="bad">{describeFailure(error).text}</Note>}
    </>
  );
}

/** The way of a reason to the patient: from this screen to the patient's phone. */
function ReasonCode({ proposalId, name }: { readonly proposalId: string; readonly name: string }) {
  const t = useTexts(askTexts);
  const reason = useAskedReason(proposalId);
  if (!reason || reason.text === "") return null;
  const link = requestLink({ proposalId, reason }, location.origin);
  return (
    <details className={styles.reason}>
      <summary>{t("show")}</summary>
      <blockquote>{reason.text}</blockquote>
      <QrCode text={link} label={`${t("show")}: ${name}`} />
      <p className={styles.quiet}>{t("codeText")}</p>
      <CopyButton value={link}>
        {({ copied, copy }) => (
          <Button variant="light" onClick={copy}>
            {t(copied ? "copied" : "copyLink")}
          </Button>
        )}
      </CopyButton>
    </details>
  );
}
