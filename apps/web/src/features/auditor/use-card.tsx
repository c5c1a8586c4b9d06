import { query } from "@galen/sdk/client/query";
import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useChain } from "../../network/use-chain.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { notify } from "../../ui/notify.ts";
import { Actions, Card, Note } from "../../ui/surface.tsx";
import styles from "./auditor.module.css";
import { useAuditedHouses } from "./houses.ts";
import { Pseudonym } from "./pseudonym.tsx";
import { ReasonCheck } from "./reason-check.tsx";
import { reviewTexts } from "./review-texts.ts";
import type { KnownUse } from "./waiting-uses.ts";

interface UseCardProps {
  readonly use: KnownUse;
  /** For which the reader works. */
  readonly house: string | undefined;
  readonly houseName: string;
}

/** A reading in an emergency with all that the ledger knows of it, and the judgement on it. */
export function UseCard({ use, house, houseName }: UseCardProps) {
  const t = useTexts(reviewTexts);
  const formats = useFormats();
  const { releaseId, reader, owner, at, byOwner } = use;
  const { data: release } = useChain(["release", releaseId], async (client) => {
    return (await query<LoggedRelease>(client, "vault.release", { releaseId })).result;
  });
  return (
    <Card>
      <Facts columnWidth={14.5}>
        <Fact name={t("when")}>{formats.dateTime(at)}</Fact>
        <Fact name={t("house")}>{houseName}</Fact>
        <Fact name={t("documents")}>{release ? formats.number(release.objects.length) : "–"}</Fact>
        <Fact name={t("reader")}>
          <Pseudonym account={reader} />
        </Fact>
        <Fact name={t("patient")}>
          <Pseudonym account={owner} />
        </Fact>
        <Fact name={t("patientSays")}>{t(byOwner?.judgement ?? "notYet")}</Fact>
      </Facts>
      <p className={styles.quiet}>{t("reasonText")}</p>
      {release?.reasonHash !== undefined && <ReasonCheck reasonHash={release.reasonHash} />}
      <Judgement releaseId={releaseId} readersHouse={house} />
    </Card>
  );
}

/** Both answers lead to the act in words first. */
function Judgement({ releaseId, readersHouse }: { readonly releaseId: string; readonly readersHouse: string | undefined }) {
  const t = useTexts(reviewTexts);
  const audited = useAuditedHouses();
  const organisation = audited?.find((house) => house.organisation !== readersHouse)?.organisation;
  const judging = useJudging(releaseId, organisation);
  if (audited?.length === 0) return <Note tone="warn">{t("notAuditor")}</Note>;
  if (audited && organisation === undefined) return <Note tone="warn">{t("ownHouse")}</Note>;
  const isIdle = organisation !== undefined && !judging.isPending;
  return (
    <Actions>
      <Button size="md" disabled={!isIdle} onClick={() => judging.mutate("justified")}>
        {t("findJustified")}
      </Button>
      <Button size="md" variant="light" color="rust" disabled={!isIdle} onClick={() => judging.mutate("unjustified")}>
        {t("findUnjustified")}
      </Button>
      {judging.error && !(judging.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(judging.error).text}</Note>}
    </Actions>
  );
}

function useJudging(releaseId: string, organisation: string | undefined) {
  const t = useTexts(reviewTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (judgement: "justified" | "unjustified") =>
      sign({ messages: [{ type: "emergency.review", value: { releaseId, judgement, organisation } }] }),
    async onSuccess() {
      void notify({ title: t("done"), message: t("doneText") });
      await queries.invalidateQueries({ queryKey: ["chain", "waiting-uses"] });
    },
  });
}
