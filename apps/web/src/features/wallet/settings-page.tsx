import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useFormats } from "../../frame/formats.ts";
import { type Texts, useTexts } from "../../frame/texts.ts";
import { ownFingerprint } from "../../frame/updates.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Card, Mono, PageHeader, Section } from "../../ui/surface.tsx";
import { delegateTexts } from "./delegate-texts.ts";
import { emergencyTexts } from "./emergency-texts.ts";
import { guardianTexts } from "./guardian-texts.ts";
import { KeyFileForm } from "./key-file-form.tsx";
import styles from "./settings.module.css";
import { settingsTexts } from "./settings-texts.ts";

/** Keys, copies of them, and whom this browser believes. */
export function Page() {
  const t = useTexts(settingsTexts);
  const { saved } = usePerson();
  return (
    <>
      <PageHeader title={t("title")} />
      <Section title={t("account")}>
        <Card>
          <p className={styles.text}>{t("accountText")}</p>
          <p className={styles.value}>
            <Mono>{saved.account}</Mono>
          </p>
          <Button component={Link} to="/wallet/code" variant="light">
            {t("code")}
          </Button>
        </Card>
      </Section>
      <LinkSection to="/wallet/emergency" texts={emergencyTexts} />
      <LinkSection to="/wallet/guardians" texts={guardianTexts} />
      <LinkSection to="/wallet/delegates" texts={delegateTexts} />
      <Section title={t("keysTitle")}>
        <Card>
          {saved.lock.kind === "town" && <p className={styles.text}>{t("keysTown")}</p>}
          <KeyFileForm />
        </Card>
      </Section>
      <TrustSection />
      <AppSection />
    </>
  );
}

function LinkSection({ to, texts }: { readonly to: string; readonly texts: Texts }) {
  const t = useTexts(texts);
  return (
    <Section title={t("title")}>
      <Card>
        <p className={styles.text}>{t("linkText")}</p>
        <Button component={Link} to={to} variant="light">
          {t("link")}
        </Button>
      </Card>
    </Section>
  );
}

function TrustSection() {
  const t = useTexts(settingsTexts);
  const formats = useFormats();
  const { data: network } = useNetwork();
  if (!network) return null;
  const { chainId, genesisHash, since } = network.pinned;
  return (
    <Section title={t("trustTitle")}>
      <Card>
        <Facts>
          <Fact name={t("network")}>{chainId}</Fact>
          <Fact name={t("founders")}>
            <Mono>{genesisHash}</Mono>
          </Fact>
          <Fact name={t("since")}>{formats.dateTime(since)}</Fact>
        </Facts>
        <p className={styles.text}>{t("trustText")}</p>
      </Card>
    </Section>
  );
}

function AppSection() {
  const t = useTexts(settingsTexts);
  const { data: fingerprint } = useQuery({ queryKey: ["app-fingerprint"], queryFn: ownFingerprint });
  return (
    <Section title={t("appTitle")}>
      <Card>
        <Facts>
          <Fact name={t("fingerprint")}>
            {fingerprint === undefined || fingerprint === null ? t("noFingerprint") : <Mono>{fingerprint}</Mono>}
          </Fact>
        </Facts>
        <p className={styles.text}>{t("fingerprintText")}</p>
      </Card>
    </Section>
  );
}
