import type { Message } from "@galen/ledger/tx/transaction";
import { describeAct } from "@galen/sdk/acts/describe-act";
import type { Names } from "@galen/sdk/acts/say";
import { allowingMessages } from "@galen/sdk/records/access-request";
import { Button } from "@mantine/core";
import { isTooWide } from "../../access/grant-terms.ts";
import { areasOf } from "../../access/request-words.ts";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { canVote, type StandingRequest } from "../../proposals/own-proposals.ts";
import { useVoting, voteMessage } from "../../proposals/use-voting.ts";
import { useAreaLabels } from "../../records/area-labels.ts";
import { refusalTexts } from "../../refusals/refusal-texts.ts";
import { ActWords } from "../../signing/signing-sheet.tsx";
import { notify } from "../../ui/notify.ts";
import { useStanding } from "../../ui/standing.ts";
import { Actions, Note } from "../../ui/surface.tsx";
import styles from "./requests.module.css";
import { requestsTexts } from "./requests-texts.ts";

interface AnswerProps {
  readonly request: StandingRequest;
  readonly name: string;
  readonly owner: string;
}

/** The answer, where it is still to be given; what stands against a yes that was said. */
export function RequestAnswer(props: AnswerProps) {
  const t = useTexts(requestsTexts);
  const refusal = useTexts(refusalTexts);
  const { own } = usePerson();
  const known = props.request.proposal;
  if (canVote(known, own.account, Date.now())) return <Answer {...props} />;
  return known.waitsFor ? <Note tone="warn">{t("voted", { reason: refusal(known.waitsFor.id) })}</Note> : null;
}

/** Yes or no in one press, with the words that are signed beside it. */
function Answer({ request, name, owner }: AnswerProps) {
  const t = useTexts(requestsTexts);
  const { own } = usePerson();
  const { proposal: known, wants } = request;
  const named = useRequestNames(request);
  const areas = useAreaLabels(request.granting.owner);
  const { mutateAsync, isPending, variables, error } = useVoting();
  const { place, isUnread, isMeant } = useStanding();
  const labels = areas.labelsOf(areasOf(wants));
  const isWide = isTooWide({ what: wants.kind === "compartments" ? "areas" : wants.kind }, labels);
  const yes = wants.kind === "unreadable" || isWide ? undefined : allowingMessages(request, own, labels);
  const no = [voteMessage("decline", known)];
  async function answer(messages: readonly Message[], told: "given" | "said"): Promise<void> {
    await mutateAsync({ known, messages, names: named });
    // Not every delegate who may answer sees the log.
    const ofAnother = told === "given" && request.granting.owner !== own.account;
    void notify({ title: t(told, { name }), message: t(ofAnother ? "givenTextOf" : `${told}Text`, { name }) });
  }
  const pressed = isPending ? variables.messages.at(-1)!.type : undefined;
  const press = (messages: readonly Message[], told: "given" | "said") => ({
    size: "lg" as const,
    loading: pressed === messages.at(-1)!.type,
    disabled: isPending,
    "aria-disabled": isUnread,
    // What went wrong is shown from the mutation.
    onClick: () => isMeant() && void answer(messages, told).catch(() => undefined),
  });
  return (
    <>
      {yes ? <Words request={request} messages={yes} /> : <Note tone="warn">{isWide ? t("tooWide") : t("unreadable", { owner })}</Note>}
      {error && <Note tone="bad">{describeFailure(error).text}</Note>}
      <Actions ref={place}>
        {yes && (
          <Button {...press(yes, "given")} disabled={isPending || (wants.kind === "compartments" && areas.isPending)}>
            {t("allow")}
          </Button>
        )}
        <Button variant="default" {...press(no, "said")}>
          {t("decline")}
        </Button>
      </Actions>
    </>
  );
}

/** The grant as it will stand, told by the message itself; every act that is signed, word for word, is one press away. */
function Words({
  request: { proposal: known },
  request,
  messages,
}: {
  readonly request: StandingRequest;
  readonly messages: readonly Message[];
}) {
  const t = useTexts(requestsTexts);
  const language = useLanguage();
  const names = useNames();
  const named = useRequestNames(request);
  const options = { language, names: (id: string) => named(id) ?? names.get(id)?.name, proposals: () => known };
  const acts = messages.map((message) => describeAct(message, options));
  const grant = acts.find((_, index) => messages[index]!.type === "vault.grant") ?? acts[0]!.inside[0]!;
  return (
    <section aria-label={t("words")}>
      <ActWords act={grant} />
      <details className={styles.exactly}>
        <summary>{t("exactly")}</summary>
        {acts.length > 1 && <p className={styles.quiet}>{t("ownWords")}</p>}
        {acts.map((act, index) => (
          <ActWords key={`${index} ${act.title}`} act={act} />
        ))}
      </details>
    </section>
  );
}

/** What stands in the acts: areas by the labels of the owner and of authors, and by those of the request. */
function useRequestNames({ granting, wants, proposal }: StandingRequest): Names {
  const t = useTexts(requestsTexts);
  const area = useTexts(compartmentTexts);
  const { nameOf } = useAreaLabels(granting.owner);
  const asked = granting.covers.kind === "compartments" ? granting.covers.labels : [];
  const labels = new Map([
    ...areasOf(wants).map((name, index) => [asked[index]!, area(name)] as const),
    [proposal.proposalId, t("theRequest")],
  ]);
  return (id) => labels.get(id) ?? nameOf(id);
}
