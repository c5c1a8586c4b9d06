import type { NodeStatus } from "@galen/sdk/client/status";
import { Button, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useLiveBlocks } from "../../hearing/use-live-blocks.ts";
import { useChain } from "../../network/use-chain.ts";
import { Fact, Figures } from "../../ui/facts.tsx";
import { ListCard } from "../../ui/list.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Actions, PageHeader, Section, Tag } from "../../ui/surface.tsx";
import { fetchHealth, fetchKey, fetchLatest, fetchSealed, type ListedBlock } from "./chain-data.ts";
import styles from "./explorer.module.css";
import { explorerTexts } from "./texts.ts";

/** So many are looked through; those without transactions take one line together. */
const SHOWN_BLOCKS = 24;

/** Where the ledger stands, and what happened last. */
export function Page() {
  const t = useTexts(explorerTexts);
  useLiveBlocks();
  const { data: latest, error, isPending, refetch } = useChain(["latest"], (client) => fetchLatest(client, SHOWN_BLOCKS));
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")}>
        <Actions>
          <Button component={Link} to="/explorer/network" variant="light" size="md">
            {t("network")}
          </Button>
          <Button component={Link} to="/explorer/operator" variant="light" size="md">
            {t("operator")}
          </Button>
        </Actions>
      </PageHeader>
      <SearchForm />
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {latest && (
        <>
          <Totals status={latest.status} />
          <Section title={t("latest")}>
            <ListCard>
              {runsOf(latest.blocks).map((run) => (
                <RunRow key={run[0]!.height} run={run} />
              ))}
            </ListCard>
          </Section>
        </>
      )}
    </>
  );
}

/** A number leads to a block; an id to its proof, which finds out what it names. */
function SearchForm() {
  const t = useTexts(explorerTexts);
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [isBad, setBad] = useState(false);

  function search(): void {
    const wanted = text.trim().toLowerCase();
    const to = /^[1-9]\d{0,15}$/.test(wanted) ? `/explorer/blocks/${wanted}` : `/explorer/transactions/${wanted}`;
    const isKnown = /^([1-9]\d{0,15}|[0-9a-f]{64})$/.test(wanted);
    setBad(!isKnown);
    if (isKnown) void navigate({ to });
  }

  return (
    <form
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <TextInput
        aria-label={t("search")}
        placeholder={t("searchHint")}
        size="lg"
        leftSection={<IconSearch size={22} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={isBad ? t("badSearch") : undefined}
      />
      <Button type="submit" size="lg">
        {t("go")}
      </Button>
    </form>
  );
}

function Totals({ status: { height, blockTime } }: { readonly status: NodeStatus }) {
  const t = useTexts(explorerTexts);
  const formats = useFormats();
  const { data: sealed } = useChain(["sealed", height], (client) => fetchSealed(client, height));
  const { data: key } = useChain(["key"], fetchKey);
  const { data: isHealthy } = useChain(["health"], fetchHealth);
  return (
    <Figures>
      <Fact name={t("height")}>{formats.number(height)}</Fact>
      <Fact name={t("lastBlock")}>{formats.time(blockTime)}</Fact>
      <Fact name={t("validators")}>{sealed?.validators?.length ?? "–"}</Fact>
      <Fact name={t("custodians")}>{key?.custodians.length ?? "–"}</Fact>
      <Fact name={t("health")}>
        {isHealthy === undefined ? "–" : <Tag tone={isHealthy ? "good" : "bad"}>{t(isHealthy ? "healthy" : "unhealthy")}</Tag>}
      </Fact>
    </Figures>
  );
}

/** Blocks in a row that hold nothing, together; others by themselves. */
function runsOf(blocks: readonly ListedBlock[]): readonly (readonly ListedBlock[])[] {
  const runs: ListedBlock[][] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last && block.txHashes.length === 0 && last[0]!.txHashes.length === 0) last.push(block);
    else runs.push([block]);
  }
  return runs;
}

/** The newest first, so the run's number range is read from its end. */
function RunRow({ run }: { readonly run: readonly ListedBlock[] }) {
  const t = useTexts(explorerTexts);
  const formats = useFormats();
  const { height, time, txHashes } = run[0]!;
  const title = run.length === 1 ? t("block", { height }) : t("blocks", { first: run.at(-1)!.height, last: height });
  return (
    <li>
      <Link className={styles.row} to={`/explorer/blocks/${height}`}>
        <strong>{title}</strong>
        <span className={styles.quiet}>{txHashes.length === 0 ? t("empty") : t("transactions", { count: txHashes.length })}</span>
        <time dateTime={new Date(time).toISOString()}>{formats.dateTime(time)}</time>
      </Link>
    </li>
  );
}
