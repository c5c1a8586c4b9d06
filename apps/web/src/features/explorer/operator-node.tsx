import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Card, Section, Tag } from "../../ui/surface.tsx";
import styles from "./operator.module.css";
import type { OperatorFacts } from "./operator-facts.ts";
import { operatorTexts } from "./operator-texts.ts";

/** Where this node stands, and what it has to fetch from others. */
export function NodeFacts({ facts: { status, isHealthy } }: { readonly facts: OperatorFacts }) {
  const t = useTexts(operatorTexts);
  const formats = useFormats();
  const { blobs, history } = status.healing;
  const past = { checking: t("pastChecking"), complete: t("pastComplete"), missing: t("pastMissing") }[history.state];
  return (
    <Section title={t("thisNode")}>
      <Card>
        <Facts columnWidth={9}>
          <Fact name={t("health")}>
            <Tag tone={isHealthy ? "good" : "bad"}>{t(isHealthy ? "takes" : "takesNot")}</Tag>
          </Fact>
          <Fact name={t("height")}>{formats.number(status.height)}</Fact>
          <Fact name={t("lastBlock")}>{formats.dateTime(status.blockTime)}</Fact>
          <Fact name={t("lists")}>{formats.number(status.indexedHeight)}</Fact>
          <Fact name={t("content")}>
            {t(blobs.state, { count: formats.number(blobs.checked) })}
            <Repaired count={blobs.repaired} />
          </Fact>
          <Fact name={t("past")}>
            {past}
            <Repaired count={history.repaired} />
          </Fact>
        </Facts>
        <p className={styles.afterword}>{t("restText")}</p>
      </Card>
    </Section>
  );
}

function Repaired({ count }: { readonly count: number }) {
  const t = useTexts(operatorTexts);
  return count > 0 && `, ${t("repaired", { count })}`;
}
