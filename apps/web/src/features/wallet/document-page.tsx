import { writeReadable } from "@galen/gateway/fhir/readable-json";
import { createProofFile } from "@galen/sdk/proofs/proof-file";
import { verifySubject } from "@galen/sdk/proofs/verify-subject";
import { Button } from "@mantine/core";
import { IconCircleCheck, IconFileOff } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { Chart, ChartDocument } from "../../chart/chart.ts";
import { DocumentContent } from "../../chart/document-content.tsx";
import { DocumentFacts } from "../../chart/document-facts.tsx";
import { useDocumentTitle } from "../../chart/document-title.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { requireNetwork } from "../../network/network.tsx";
import { useOwnChart } from "../../records/own-chart.ts";
import { saveFile } from "../../records/save-file.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { BackLink } from "../../ui/back-link.tsx";
import { notify } from "../../ui/notify.ts";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Card, Mono, Note, PageHeader, Section } from "../../ui/surface.tsx";
import styles from "./document.module.css";
import { documentTexts } from "./document-texts.ts";

/** One document: what it says, whether it is unchanged, and how to end it. */
export function Page() {
  const t = useTexts(documentTexts);
  const { objectId } = useParams({ strict: false }) as { readonly objectId: string };
  const { data: chart, error, isPending, refetch } = useOwnChart();
  const queries = useQueryClient();
  const opened = queries.getQueriesData<Chart>({ queryKey: ["read-chart"] }).map(([, read]) => read?.documents ?? []);
  const isMeant = (one: ChartDocument) => one.objectId === objectId;
  if (isPending) return <Loading />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  const among = [chart.documents, ...opened].find((documents) => documents.some(isMeant)) ?? [];
  const document = among.find(isMeant);
  if (document) return <OneDocument document={document} among={among} isOwn={among === chart.documents} />;
  const action = (
    <Button component={Link} to="/wallet">
      {t("back")}
    </Button>
  );
  return (
    <Empty icon={<IconFileOff size={30} />} title={t("missing")} action={action}>
      {t("missingText")}
    </Empty>
  );
}

interface OneDocumentProps {
  readonly document: ChartDocument;
  readonly among: readonly ChartDocument[];
  readonly isOwn: boolean;
}

function OneDocument({ document, among, isOwn }: OneDocumentProps) {
  const t = useTexts(documentTexts);
  const title = useDocumentTitle()(document, among);
  return (
    <>
      <BackLink to="/wallet">{t("back")}</BackLink>
      <PageHeader title={title} />
      <DocumentFacts document={document} among={among} />
      <DocumentContent content={document.content} />
      <div data-screen-only>
        <ProofSection objectId={document.objectId} />
        <Section title={t("original")}>
          <p className={styles.text}>{t("originalText")}</p>
          <Button
            variant="default"
            onClick={() =>
              saveFile(`${document.objectId.slice(0, 12)}.json`, [...writeReadable(document.content)], "application/fhir+json")
            }
          >
            {t("save")}
          </Button>
        </Section>
        {isOwn && <EraseSection objectId={document.objectId} title={title} />}
      </div>
    </>
  );
}

function ProofSection({ objectId }: { readonly objectId: string }) {
  const t = useTexts(documentTexts);
  const checking = useMutation({
    async mutationFn() {
      const { client } = await requireNetwork();
      return { client, ...(await verifySubject(client, objectId)) };
    },
  });
  const { data: verified, error } = checking;
  return (
    <Section title={t("proofTitle")}>
      <Card>
        {!verified && <p className={styles.text}>{t("proofText")}</p>}
        {error && <Note tone="bad">{describeFailure(error).text}</Note>}
        {verified && (
          <>
            <Note tone="good" icon={<IconCircleCheck size={24} aria-hidden="true" />}>
              <strong>{t("proofHolds")}</strong>
            </Note>
            <ul className={styles.checks}>
              {verified.checks.map((check) => (
                <li key={check}>
                  <Mono>{check}</Mono>
                </li>
              ))}
            </ul>
            <p className={styles.text}>{t("proofShare")}</p>
          </>
        )}
        {verified ? (
          <Button
            variant="light"
            onClick={() => saveFile("galen-proof.json", createProofFile(verified.proofs, verified.client.crypto), "application/json")}
          >
            {t("proofSave")}
          </Button>
        ) : (
          <Button loading={checking.isPending} onClick={() => checking.mutate()}>
            {t("proofCheck")}
          </Button>
        )}
      </Card>
    </Section>
  );
}

function EraseSection({ objectId, title }: { readonly objectId: string; readonly title: string }) {
  const t = useTexts(documentTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const erasing = useMutation({
    mutationFn: () =>
      sign({
        messages: [{ type: "vault.erase", value: { objectIds: [objectId] } }],
        names: (id) => (id === objectId ? title : undefined),
      }),
    async onSuccess() {
      void notify({ title: t("erased"), message: t("erasedText") });
      await queries.resetQueries({ queryKey: ["own-chart"] });
      await navigate({ to: "/wallet" });
    },
  });
  return (
    <Section title={t("eraseTitle")}>
      <p className={styles.text}>{t("eraseText")}</p>
      <div className={styles.erase}>
        {erasing.error && !(erasing.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(erasing.error).text}</Note>}
        <Button variant="outline" color="rust" loading={erasing.isPending} onClick={() => erasing.mutate()}>
          {t("erase")}
        </Button>
      </div>
    </Section>
  );
}
