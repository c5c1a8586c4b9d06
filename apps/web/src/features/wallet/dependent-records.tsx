import { Button } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { OpenedChart } from "../../chart/chart.ts";
import { ChartViews } from "../../chart/chart-views.tsx";
import { useTexts } from "../../frame/texts.ts";
import { keepHere } from "../../keys/keep-here.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { useReadFor } from "../../records/read-for.ts";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { PageHeader } from "../../ui/surface.tsx";
import { walletTexts } from "./texts.ts";

/** The records of a child or of somebody else for whom one acts. They open through the custodians, so that every opening is in the log. */
export function DependentRecords({ account, children }: { readonly account: string; readonly children: ReactNode }) {
  const t = useTexts(walletTexts);
  const name = useNames().get(account)?.name ?? shortId(account);
  const readFor = useReadFor();
  // Kept for this tab: a second look at what was opened is no second reading.
  const { own } = usePerson();
  const { data: chart } = useQuery<OpenedChart>({
    queryKey: ["read-chart", account],
    queryFn: () => readFor(account),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { error, isPending, mutate } = useMutation({
    mutationFn: readFor,
    onSuccess: (opened, owner) => keepHere(own.account, ["read-chart", owner], opened),
  });
  return (
    <>
      <PageHeader title={t("titleOf", { name })} />
      {children}
      {chart && <ChartViews chart={chart} />}
      {error && <Failure error={error} onRetry={() => mutate(account)} />}
      {isPending && <Loading />}
      {!chart && !error && !isPending && (
        <Empty
          icon={<IconUsers size={30} />}
          title={t("readFor", { name })}
          action={
            <Button size="lg" onClick={() => mutate(account)}>
              {t("readFor", { name })}
            </Button>
          }
        >
          {t("readForText", { name })}
        </Empty>
      )}
    </>
  );
}
