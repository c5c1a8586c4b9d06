import { uses } from "@galen/ledger/modules/emergency/state";
import { readProven } from "@galen/sdk/proofs/read-proven";
import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { Button } from "@mantine/core";
import { IconShieldX, IconUrgent } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { useChain } from "../../network/use-chain.ts";
import { useReleaseLog } from "../../records/release-feed.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { EntryRow } from "../../ui/entry-row.tsx";
import { notify } from "../../ui/notify.ts";
import { Failure, Loading } from "../../ui/state.tsx";
import { Actions, Card, Note, Section, Tag } from "../../ui/surface.tsx";
import styles from "./emergency.module.css";
import { emergencyTexts } from "./emergency-texts.ts";
import { useReleaseWords } from "./release-words.ts";

/** Whoever asks in an emergency asks for this, granted or not. */
const isInEmergency = ({ outcome, purpose, grantId }: LoggedRelease) =>
  outcome.kind === "released" ? outcome.under === "emergency" : purpose === "ETREAT" && grantId === undefined;

/** Who read in an emergency, or tried to; every entry is proven, and none left out as far as one has looked. */
export function EmergencyReadings({ owner }: { readonly owner: string }) {
  const t = useTexts(emergencyTexts);
  const { entries: log, error, isPending, refetch, earlier } = useReleaseLog(owner);
  const entries = log?.filter(isInEmergency) ?? [];
  return (
    <Section title={t("readTitle")}>
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {log && entries.length === 0 && !earlier.isLeft && <p className={styles.quiet}>{t("readNone")}</p>}
      <ul className={styles.readings}>
        {entries.map((entry) => (
          <li key={entry.releaseId}>
            <ReadingCard entry={entry} />
          </li>
        ))}
      </ul>
      {earlier.error && <Failure error={earlier.error} onRetry={earlier.readOn} />}
      {earlier.isLeft && !earlier.error && (
        <Button variant="default" size="lg" mt="lg" loading={earlier.isPending} onClick={earlier.readOn}>
          {t("more")}
        </Button>
      )}
    </Section>
  );
}

function ReadingCard({ entry }: { readonly entry: LoggedRelease }) {
  const t = useTexts(emergencyTexts);
  const formats = useFormats();
  const { name, reason } = useReleaseWords()(entry);
  const Icon = reason === undefined ? IconUrgent : IconShieldX;
  return (
    <Card>
      <EntryRow icon={<Icon size={22} />} tone={reason === undefined ? "warn" : "bad"} at={entry.at} time={formats.dateTime(entry.at)}>
        <strong>{name}</strong> {reason === undefined ? t("read", { count: entry.objects.length }) : t("refused", { reason })}
      </EntryRow>
      {reason === undefined && <Findings releaseId={entry.releaseId} />}
    </Card>
  );
}

/** What was found, and the word of the owner, or of who acts for the owner, where it has not been said. */
function Findings({ releaseId }: { readonly releaseId: string }) {
  const t = useTexts(emergencyTexts);
  const names = useNames();
  const { own } = usePerson();
  const judging = useJudging(releaseId);
  const { data: found } = useChain(["emergency-use", releaseId], (client) => readProven(client, uses, releaseId));
  if (!found?.value) return null;
  const { byOwner, byAuditor } = found.value;
  const toneOf = (judgement: string) => (judgement === "justified" ? "good" : "bad");
  return (
    <div className={styles.findings}>
      {byAuditor ? (
        <Tag tone={toneOf(byAuditor.judgement)}>{t("auditorSays", { judgement: t(byAuditor.judgement) })}</Tag>
      ) : (
        <Tag tone="warn">{t("auditorWaits")}</Tag>
      )}
      {byOwner && (
        <Tag tone={toneOf(byOwner.judgement)}>
          {byOwner.by === own.account
            ? t("youSay", { judgement: t(byOwner.judgement) })
            : t("otherSays", { name: names.get(byOwner.by)?.name ?? shortId(byOwner.by), judgement: t(byOwner.judgement) })}
        </Tag>
      )}
      {!byOwner && (
        <Actions>
          <span>{t("wasIt")}</span>
          <Button variant="light" disabled={judging.isPending} onClick={() => judging.mutate("justified")}>
            {t("yes")}
          </Button>
          <Button variant="light" color="rust" disabled={judging.isPending} onClick={() => judging.mutate("unjustified")}>
            {t("no")}
          </Button>
        </Actions>
      )}
      {judging.error && !(judging.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(judging.error).text}</Note>}
    </div>
  );
}

function useJudging(releaseId: string) {
  const t = useTexts(emergencyTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (judgement: "justified" | "unjustified") =>
      sign({ messages: [{ type: "emergency.review", value: { releaseId, judgement } }] }),
    async onSuccess() {
      void notify({ title: t("judged"), message: t("judgedText") });
      await queries.invalidateQueries({ queryKey: ["chain", "emergency-use", releaseId] });
    },
  });
}
