import { Button } from "@mantine/core";
import { IconDownload, IconFileText, IconPrinter } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import type { Chart } from "../../chart/chart.ts";
import { ChartViews } from "../../chart/chart-views.tsx";
import { useIsQuiet } from "../../frame/quiet.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { useOnline } from "../../network/online.ts";
import { useOwnChart } from "../../records/own-chart.ts";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Actions, PageHeader } from "../../ui/surface.tsx";
import { walletTexts } from "./texts.ts";
import { useWhose, WhoseSwitch } from "./whose-switch.tsx";

/** Seldom does somebody wait for an answer, or is a device full. */
const RecordsNotices = lazy(async () => ({ default: (await import("./records-notices.tsx")).RecordsNotices }));

/** After the records, so that they are there first. */
function QuietNotices({ isUnkept }: { readonly isUnkept: boolean | undefined }) {
  return <Suspense>{useIsQuiet() && <RecordsNotices isUnkept={isUnkept} />}</Suspense>;
}

/** Few act for others. */
const DependentRecords = lazy(async () => ({ default: (await import("./dependent-records.tsx")).DependentRecords }));

/** What is on record: first what matters now, then everything by time, by value or by kind. */
export function Page() {
  const { saved } = usePerson();
  const [whose, setWhose] = useWhose();
  const choice = <WhoseSwitch value={whose} onChange={setWhose} />;
  if (whose === saved.account) return <OwnRecords>{choice}</OwnRecords>;
  return (
    <Suspense>
      <DependentRecords key={whose} account={whose}>
        {choice}
      </DependentRecords>
    </Suspense>
  );
}

function OwnRecords({ children }: { readonly children: ReactNode }) {
  const t = useTexts(walletTexts);
  const { saved } = usePerson();
  const { data: chart, error, refetch, isPending } = useOwnChart();
  const count = chart?.documents.length ?? 0;
  const isOnline = useOnline();
  // Who is offline is told so by the bar.
  const failure = error ?? (isOnline ? chart?.away : undefined);
  return (
    <>
      <PageHeader title={t("title")} lead={count > 0 ? t("lead", { count }) : undefined}>
        {chart && count > 0 && <RecordActions chart={chart} />}
      </PageHeader>
      <p data-paper-only>
        <strong>{t("titleOf", { name: saved.name })}</strong>
      </p>
      {chart && <QuietNotices isUnkept={chart.isUnkept} />}
      {children}
      {isPending && <Loading>{t("opening")}</Loading>}
      {failure && <Failure error={failure} onRetry={() => void refetch()} />}
      {chart && (count + chart.unreadable.length === 0 ? <NoRecords /> : <ChartViews chart={chart} />)}
    </>
  );
}

function RecordActions({ chart }: { readonly chart: Chart }) {
  const t = useTexts(walletTexts);
  return (
    <Actions data-screen-only>
      <Button variant="default" leftSection={<IconPrinter size={20} />} onClick={() => print()}>
        {t("print")}
      </Button>
      <Button variant="default" leftSection={<IconDownload size={20} />} onClick={() => void exportAll(chart)}>
        {t("export")}
      </Button>
    </Actions>
  );
}

async function exportAll(chart: Chart): Promise<void> {
  const { saveExport } = await import("../../records/save-export.ts");
  saveExport(chart.documents);
}

function NoRecords() {
  const t = useTexts(walletTexts);
  const action = (
    <Button component={Link} to="/wallet/code">
      {t("myCode")}
    </Button>
  );
  return (
    <Empty icon={<IconFileText size={30} />} title={t("none")} action={action}>
      {t("noneText")}
    </Empty>
  );
}
