import type { NodeStatus as ValidatorNode } from "@galen/ledger/modules/validators/schema";
import { listValidatorSets, type PastValidatorSet } from "@galen/sdk/client/validator-sets";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { useChain } from "../../network/use-chain.ts";
import { ListCard, ListLine } from "../../ui/list.tsx";
import { Card, Section, Tag } from "../../ui/surface.tsx";
import { TimeBars } from "../../ui/time-bars.tsx";
import styles from "./explorer.module.css";
import type { OperatorFacts } from "./operator-facts.ts";
import { isInReach } from "./operator-findings.ts";
import { operatorTexts } from "./operator-texts.ts";

/** A million parts: at what the policies aim. */
const TARGET_TOTAL = 1_000_000;

/** Who has how much, by which rule, and how it came to be. */
export function VotingPower({ facts }: { readonly facts: OperatorFacts }) {
  const t = useTexts(operatorTexts);
  const formats = useFormats();
  const { nodes, regime } = facts;
  const { policy, admission } = regime.settings;
  return (
    <Section title={t("power")}>
      <p className={styles.quiet}>
        {formats.sentences(
          t(`policy.${policy.kind}`),
          t(`admission.${admission}`),
          t("epoch", { epoch: regime.epoch, height: formats.number(regime.nextEpochAt) }),
          regime.planned && t("planned", { policy: t(`policy.${regime.planned.policy.kind}`) }),
        )}
      </p>
      <ListCard>
        {nodes.map((node) => (
          <NodeRow key={node.node.publicKey} validator={node} facts={facts} />
        ))}
      </ListCard>
      <PowerOverTime />
    </Section>
  );
}

function NodeRow({ validator, facts }: { readonly validator: ValidatorNode; readonly facts: OperatorFacts }) {
  const t = useTexts(operatorTexts);
  const formats = useFormats();
  const names = useNames();
  const { node, power, targetPower, isReady } = validator;
  const { totalPower } = facts;
  const name = names.get(node.organisation)?.name ?? shortId(node.organisation);
  const [share, target] = [(100 * power) / totalPower, (100 * targetPower) / TARGET_TOTAL];
  const isThere = isInReach(validator, facts);
  return (
    <ListLine>
      <span>{name}</span>
      <meter min={0} max={totalPower} value={power} aria-label={`${t("power")}: ${name}`} />
      <span>{t("percent", { percent: formats.number(share) })}</span>
      {Math.abs(share - target) >= 1 && <span className={styles.quiet}>{t("target", { percent: formats.number(target) })}</span>}
      {node.jail && <Tag tone="bad">{t("jailed", { height: formats.number(node.jail.until) })}</Tag>}
      {node.leaving && <Tag>{t("leaving")}</Tag>}
      {!isReady && !node.jail && <Tag tone="warn">{t("notReady")}</Tag>}
      <Tag tone={isThere ? "good" : "bad"}>{t(isThere ? "reachable" : "away")}</Tag>
    </ListLine>
  );
}

/** As many changes as bars can be told apart on a phone. */
const MAX_SETS = 30;

function PowerOverTime() {
  const t = useTexts(operatorTexts);
  const formats = useFormats();
  const { data } = useChain(["validator-sets"], (client) => listValidatorSets(client, { limit: MAX_SETS }));
  if (!data) return null;
  const sets = data.items.toReversed();
  if (sets.length === 0) return <p className={styles.afterword}>{t("unchanged")}</p>;
  return (
    <Card className={styles.overTime}>
      <h3>{t("overTime")}</h3>
      <p className={styles.quiet}>{t("overTimeText", { first: formats.date(sets[0]!.at), last: formats.date(sets.at(-1)!.at) })}</p>
      <TimeBars
        rows={usePowerRows()(sets)}
        stretches={sets.map(({ at }) => formats.dateTime(at))}
        valuesLabel={t("allValues")}
        formatValue={(percent) => t("percent", { percent: formats.number(percent) })}
      />
    </Card>
  );
}

/** The share of every organisation in every set. */
function usePowerRows() {
  const t = useTexts(operatorTexts);
  const formats = useFormats();
  const names = useNames();
  return (sets: readonly PastValidatorSet[]) => {
    const owners = [...new Set(sets.flatMap(({ validators }) => validators.map(({ organisation }) => organisation)))];
    return owners.map((owner) => {
      const values = sets.map(({ validators }) => sharePercent(validators, owner));
      const label = owner === null ? t("unnamed") : (names.get(owner)?.name ?? shortId(owner));
      return { key: String(owner), label, values, total: t("percent", { percent: formats.number(values.at(-1)!) }) };
    });
  };
}

function sharePercent(validators: PastValidatorSet["validators"], owner: string | null): number {
  const sum = (ofOnes: PastValidatorSet["validators"]) => ofOnes.reduce((total, { power }) => total + power, 0);
  const total = sum(validators);
  return total === 0 ? 0 : (100 * sum(validators.filter(({ organisation }) => organisation === owner))) / total;
}
