import { bytesToHex } from "@galen/ledger/crypto/hex";
import { status } from "@galen/sdk/client/status";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { type Alliance, fetchAlliance } from "../../network/alliance.ts";
import { useCustodianOrganisations } from "../../network/custodians.ts";
import { useChain } from "../../network/use-chain.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { ListCard, ListLine } from "../../ui/list.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Mono, PageHeader, Section } from "../../ui/surface.tsx";
import { fetchKey, fetchNodeOrganisations, fetchSealed } from "./chain-data.ts";
import { CustodianName } from "./custodian-name.tsx";
import styles from "./explorer.module.css";
import { explorerTexts } from "./texts.ts";

/** Validators and what they weigh, custodians and how many it takes, members and how they decide. */
export function Page() {
  const t = useTexts(explorerTexts);
  const { data: now, error, isPending, refetch } = useChain(["status"], status);
  const { data: alliance } = useChain(["alliance"], fetchAlliance);
  return (
    <>
      <PageHeader title={t("networkTitle")} />
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {now && (
        <>
          <Card>
            <Facts columnWidth={16}>
              <Fact name={t("chainId")}>{now.chainId}</Fact>
              <Fact name={t("version")}>{t("versionText", { number: now.appVersion })}</Fact>
              <Fact name={t("software")}>{now.software}</Fact>
            </Facts>
          </Card>
          <Validators height={now.height} />
          <Custodians />
        </>
      )}
      {alliance && <Members alliance={alliance} />}
    </>
  );
}

function Validators({ height }: { readonly height: number }) {
  const t = useTexts(explorerTexts);
  const formats = useFormats();
  const { data: sealed } = useChain(["sealed", height], (client) => fetchSealed(client, height));
  const { data: organisations } = useChain(["node-organisations"], fetchNodeOrganisations);
  const names = useNames();
  const validators = sealed?.validators ?? [];
  const total = Number(validators.reduce((sum, { power }) => sum + power, 0n));
  return (
    <Section title={t("validators")}>
      <p className={styles.quiet}>{t("validatorsText")}</p>
      <ListCard>
        {validators.map((validator) => {
          const [publicKey, power] = [bytesToHex(validator.publicKey), Number(validator.power)];
          const name = names.get(organisations?.get(publicKey) ?? "")?.name;
          return (
            <ListLine key={publicKey}>
              {name !== undefined && <span>{name}</span>}
              <Mono>{shortId(publicKey)}</Mono>
              <meter min={0} max={total} value={power} aria-label={`${t("weight")}: ${name ?? shortId(publicKey)}`} />
              <span>{t("share", { percent: formats.number((100 * power) / total) })}</span>
            </ListLine>
          );
        })}
      </ListCard>
    </Section>
  );
}

function Custodians() {
  const t = useTexts(explorerTexts);
  const { data: key, isPending } = useChain(["key"], fetchKey);
  const { data: organisations } = useCustodianOrganisations(key?.custodians ?? []);
  if (isPending) return null;
  if (!key) {
    return (
      <Section title={t("keyTitle")}>
        <p className={styles.quiet}>{t("noKey")}</p>
      </Section>
    );
  }
  const count = key.custodians.length;
  return (
    <Section title={t("keyTitle")}>
      <p className={styles.quiet}>{count === 1 ? t("keyTextOne") : t("keyText", { threshold: key.threshold, count })}</p>
      <ListCard>
        {key.custodians.map(({ account, index }) => (
          <ListLine key={account}>
            <span>{t("custodian", { index })}</span>
            <span>{organisations && <CustodianName account={account} organisation={organisations.get(account)} />}</span>
            <span>{t("epoch", { epoch: key.epoch })}</span>
          </ListLine>
        ))}
      </ListCard>
    </Section>
  );
}

function Members({ alliance: { members, decision } }: { readonly alliance: Alliance }) {
  const t = useTexts(explorerTexts);
  const formats = useFormats();
  const names = useNames();
  return (
    <Section title={t("members")}>
      <p className={styles.quiet}>{t("membersText", { ...decision })}</p>
      <ListCard>
        {members.map(({ organisation, since }) => (
          <ListLine key={organisation}>
            <span>{names.get(organisation)?.name ?? <Mono>{shortId(organisation)}</Mono>}</span>
            <span className={styles.quiet}>{formats.date(since)}</span>
          </ListLine>
        ))}
      </ListCard>
    </Section>
  );
}
