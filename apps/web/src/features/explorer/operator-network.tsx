import type { PeerNode } from "@galen/sdk/client/custodian-nodes";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useCustodianOrganisations } from "../../network/custodians.ts";
import { ListCard, ListLine } from "../../ui/list.tsx";
import { Mono, Section, Tag } from "../../ui/surface.tsx";
import { CustodianName } from "./custodian-name.tsx";
import styles from "./explorer.module.css";
import type { OperatorFacts } from "./operator-facts.ts";
import { sharesInReach } from "./operator-findings.ts";
import { operatorTexts } from "./operator-texts.ts";

/** The nodes that this one knows: there or away, how far. */
export function OtherNodes({ facts: { peers } }: { readonly facts: OperatorFacts }) {
  const t = useTexts(operatorTexts);
  return (
    <Section title={t("nodes")}>
      {peers.peers.length === 0 && <p className={styles.quiet}>{t("noPeers")}</p>}
      {peers.peers.length > 0 && (
        <ListCard>
          {peers.peers.map((peer) => (
            <PeerRow key={peer.url} peer={peer} />
          ))}
        </ListCard>
      )}
    </Section>
  );
}

function PeerRow({ peer: { url, isReachable, height, lag, custodian } }: { readonly peer: PeerNode }) {
  const t = useTexts(operatorTexts);
  const formats = useFormats();
  const distance = (count: number) => {
    if (count === 0) return t("level");
    return count > 0 ? t("lag", { count }) : t("ahead", { count: -count });
  };
  return (
    <ListLine>
      <Mono>{url}</Mono>
      {custodian !== null && custodian.index !== null && <span className={styles.quiet}>{t("share", { index: custodian.index })}</span>}
      {height !== null && <span className={styles.quiet}>{t("nodeHeight", { height: formats.number(height) })}</span>}
      {lag !== null && isReachable && <span className={styles.quiet}>{distance(lag)}</span>}
      <Tag tone={isReachable ? "good" : "bad"}>{t(isReachable ? "reachable" : "away")}</Tag>
    </ListLine>
  );
}

/** Who holds shares of the key, and whose can be had now. */
export function CustodianShares({ facts }: { readonly facts: OperatorFacts }) {
  const t = useTexts(operatorTexts);
  const { key, isCeremony } = facts;
  const { data: organisations } = useCustodianOrganisations(key?.custodians ?? []);
  const reached = sharesInReach(facts);
  const count = key?.custodians.length ?? 0;
  return (
    <Section title={t("custodians")}>
      {isCeremony && <p className={styles.quiet}>{t("ceremony")}</p>}
      {!key && <p className={styles.quiet}>{t("noKey")}</p>}
      {key && (
        <>
          <p className={styles.quiet}>
            {t(count === 1 ? "keyTextOne" : "keyText", { epoch: key.epoch, threshold: key.threshold, count, reached: reached.size })}
          </p>
          <ListCard>
            {key.custodians.map(({ account, index }) => (
              <ListLine key={account}>
                <span>{t("shareOf", { index })}</span>
                <span>{organisations && <CustodianName account={account} organisation={organisations.get(account)} />}</span>
                <Tag tone={reached.has(index) ? "good" : "bad"}>{t(reached.has(index) ? "reachable" : "away")}</Tag>
              </ListLine>
            ))}
          </ListCard>
        </>
      )}
    </Section>
  );
}
