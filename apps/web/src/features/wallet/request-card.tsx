import { type CommittedReason, fitsReason } from "@galen/sdk/records/read-emergency";
import { GrantPreview } from "../../access/grant-preview.tsx";
import { requestTexts } from "../../access/request-texts.ts";
import { areasOf } from "../../access/request-words.ts";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import type { StandingRequest } from "../../proposals/own-proposals.ts";
import { useOwnChart } from "../../records/own-chart.ts";
import { Avatar, Card, Mono, Note } from "../../ui/surface.tsx";
import { RequestAnswer } from "./request-answer.tsx";
import styles from "./requests.module.css";
import { requestsTexts } from "./requests-texts.ts";

interface CardProps {
  readonly request: StandingRequest;
  /** As a link brought it, if one did. */
  readonly reason: Pick<CommittedReason, "text" | "nonce"> | undefined;
}

/** Who asks for what, what it comes to, and the answer in one press: the words that are signed stand beside it. */
export function RequestCard({ request, reason }: CardProps) {
  const t = useTexts(requestsTexts);
  const names = useNames();
  const purposeWords = usePurposeWords();
  const formats = useFormats();
  const standing = useTexts(requestTexts);
  const { own } = usePerson();
  const { granting, proposal } = request;
  const { proposer } = proposal;
  const name = names.get(proposer)?.name ?? shortId(proposer);
  const owner = names.get(granting.owner)?.name ?? shortId(granting.owner);
  return (
    <Card className={styles.request}>
      <div className={styles.head}>
        <Avatar name={name} />
        <div>
          <h2>{granting.owner === own.account ? t("asks", { name }) : t("asksFor", { name, owner })}</h2>
          <p className={styles.quiet}>
            {t("what", { purpose: formats.list(granting.purposes.map(purposeWords)) })} ·{" "}
            {standing("answerBy", { at: formats.dateTime(proposal.proposal.expiresAt) })}
          </p>
        </div>
      </div>
      {!names.has(proposer) && (
        <Note tone="warn">
          {t("stranger")}
          <br />
          <Mono>{proposer}</Mono>
        </Note>
      )}
      {reason && <Reason name={name} reason={{ ...reason, reasonHash: granting.grantId }} />}
      <Comes request={request} name={name} />
      <RequestAnswer request={request} name={name} owner={owner} />
    </Card>
  );
}

function Reason({ name, reason }: { readonly name: string; readonly reason: CommittedReason }) {
  const t = useTexts(requestsTexts);
  const { data: network } = useNetwork();
  if (!network) return null;
  if (!fitsReason(reason, network.client.crypto)) return <Note tone="bad">{t("reasonFalse")}</Note>;
  return (
    <figure className={styles.reason}>
      <figcaption>{t("reason", { name })}</figcaption>
      <blockquote>{reason.text}</blockquote>
    </figure>
  );
}

/** What a yes would come to today; of one's own records with their number. */
function Comes({ request: { granting, wants }, name }: { readonly request: StandingRequest; readonly name: string }) {
  const { own } = usePerson();
  const { data: chart } = useOwnChart();
  if (wants.kind === "unreadable") return null;
  const what = wants.kind === "everything" ? "everything" : "areas";
  const documents = granting.owner === own.account ? chart?.documents : undefined;
  return <GrantPreview to={name} what={what} areas={areasOf(wants)} until={granting.until} documents={documents} />;
}
