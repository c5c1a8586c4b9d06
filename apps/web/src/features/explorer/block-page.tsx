import { headerHash } from "@galen/ledger/block/header";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconArrowRight, IconCube } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useChain } from "../../network/use-chain.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { ListCard } from "../../ui/list.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Actions, Card, Mono, PageHeader, Section } from "../../ui/surface.tsx";
import { fetchBlock, fetchSealed } from "./chain-data.ts";
import styles from "./explorer.module.css";
import { explorerTexts } from "./texts.ts";
import { TransactionRow } from "./transaction-row.tsx";

/** Beyond any height of a chain, and within what numbers tell apart. */
const HEIGHT = /^[1-9]\d{0,14}$/;

/** One block, or what is wrong with an address that names none. */
export function Page() {
  const { height = "" } = useParams({ strict: false }) as { readonly height?: string };
  return HEIGHT.test(height) ? <Block height={Number(height)} /> : <NoBlock />;
}

function NoBlock() {
  const t = useTexts(explorerTexts);
  const action = (
    <Button component={Link} to="/explorer">
      {t("search")}
    </Button>
  );
  return (
    <Empty icon={<IconCube size={30} />} title={t("unknown")} action={action}>
      {t("badSearch")}
    </Empty>
  );
}

/** When, by whom, and what was in it. */
function Block({ height }: { readonly height: number }) {
  const t = useTexts(explorerTexts);
  const formats = useFormats();
  const { data: block, error, isPending, refetch } = useChain(["block", height], (client) => fetchBlock(client, height));
  return (
    <>
      <PageHeader title={t("blockTitle", { height })} lead={block && formats.dateTime(block.time)}>
        <Actions>
          <Button component={Link} to={`/explorer/blocks/${height - 1}`} variant="default" disabled={height <= 1} aria-label={t("before")}>
            <IconArrowLeft size={20} />
          </Button>
          <Button component={Link} to={`/explorer/blocks/${height + 1}`} variant="default" aria-label={t("after")}>
            <IconArrowRight size={20} />
          </Button>
        </Actions>
      </PageHeader>
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {block && <HeaderFacts height={height} />}
      {block && (
        <Section title={block.txHashes.length === 0 ? t("empty") : t("transactions", { count: block.txHashes.length })}>
          {block.txHashes.length === 0 && <p className={styles.quiet}>{t("emptyText")}</p>}
          {block.txHashes.length > 0 && (
            <ListCard>
              {block.txHashes.map((txHash) => (
                <TransactionRow key={txHash} txHash={txHash} />
              ))}
            </ListCard>
          )}
        </Section>
      )}
    </>
  );
}

function HeaderFacts({ height }: { readonly height: number }) {
  const t = useTexts(explorerTexts);
  const { data: sealed } = useChain(["sealed", height], (client) => fetchSealed(client, height));
  const header = sealed?.signed?.header;
  if (!header) return null;
  return (
    <Card>
      <Facts columnWidth={16}>
        <Fact name={t("blockHash")}>
          <Mono>{bytesToHex(headerHash(header, portableCrypto.sha256))}</Mono>
        </Fact>
        <Fact name={t("proposer")}>
          <Mono>{bytesToHex(header.proposerAddress)}</Mono>
        </Fact>
      </Facts>
    </Card>
  );
}
