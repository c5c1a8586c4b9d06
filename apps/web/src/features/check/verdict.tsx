import { portableCrypto } from "@galen/ledger/crypto/portable";
import { GalenError } from "@galen/sdk/client/galen-error";
import { subjectOf } from "@galen/sdk/proofs/endings";
import type { Proof } from "@galen/sdk/proofs/proof";
import { createProofFile } from "@galen/sdk/proofs/proof-file";
import type { StateProof } from "@galen/sdk/proofs/state-proof";
import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { FactCard } from "../../facts/fact-card.tsx";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId } from "../../keys/names.ts";
import { clockFaultIn } from "../../network/clock.ts";
import { saveFile } from "../../records/save-file.ts";
import { Card, Mono, Note, Section } from "../../ui/surface.tsx";
import styles from "./check.module.css";
import type { Step, Verdict } from "./check-proof.ts";
import { checkTexts } from "./texts.ts";

/** A proof that holds: the verdict, what it says, what of that is over, and every step that led to it. */
export function GoodVerdict({ verdict }: { readonly verdict: Verdict }) {
  const t = useTexts(checkTexts);
  const formats = useFormats();
  const title = titleOf(verdict);
  return (
    <>
      <Banner
        tone={title === "holds" ? "good" : "plain"}
        icon={title === "holds" ? <IconCircleCheck size={44} /> : <IconCircleDashed size={44} />}
        title={t(title)}
      >
        <Purport verdict={verdict} isMixed={title === "over.some"} />
        <p>{t("holdsText", { ms: verdict.tookMs, chain: verdict.chainId })}</p>
        <p>{t("asOf", { time: formats.dateTime(verdict.asOf) })}</p>
      </Banner>
      {verdict.offlineSince !== undefined && <Note tone="warn">{t("offline", { day: formats.dateTime(verdict.offlineSince) })}</Note>}
      {verdict.facts.length > 0 && (
        <Section title={t("saysTitle")}>
          <div className={styles.facts}>
            {verdict.facts.map((fact, index) => (
              <FactCard key={`${fact.name} ${index}`} fact={fact} />
            ))}
          </div>
        </Section>
      )}
      <Steps steps={verdict.steps} checks={verdict.checks} />
    </>
  );
}

/** Whoever reads no further shall not take what is over, or what is not there, for good. */
function titleOf({ kind, proofs, endings }: Verdict) {
  if (kind === "absent") return "absent";
  if (proofs.every(isOfAbsence)) return "absentFile";
  const [first] = endings;
  if (!first) return "holds";
  const over = new Set(endings.map(({ id }) => id));
  return proofs.every((proof) => over.has(subjectOf(proof))) ? (`over.${first.how}` as const) : "over.some";
}

function isOfAbsence(proof: Proof): proof is StateProof {
  return proof.kind === "state" && proof.value === undefined;
}

/** What is not there, or is over; of a mixed proof how, where the title says no more than that. */
function Purport({ verdict: { kind, proofs, endings }, isMixed }: { readonly verdict: Verdict; readonly isMixed: boolean }) {
  const t = useTexts(checkTexts);
  const formats = useFormats();
  if (kind === "absent") return <p>{t("absentText")}</p>;
  const empty = proofs.flatMap((proof) => (isOfAbsence(proof) ? [proof.key] : []));
  return (
    <>
      {empty.map((key) => (
        <p key={key}>
          {t("absentKey")} <Mono>{key}</Mono>
        </p>
      ))}
      {endings.map(({ id, how, at }) => (
        <p key={id}>
          <Mono>{shortId(id)}</Mono>
          {isMixed && ` · ${t(`over.${how}`)}`}
          {at !== undefined && ` · ${formats.dateTime(at)}`}
        </p>
      ))}
    </>
  );
}

/** Keeps the proof as a file, to be checked anywhere. */
export function SaveProof({ verdict }: { readonly verdict: Verdict }) {
  const t = useTexts(checkTexts);
  return (
    <Button
      size="lg"
      variant="default"
      leftSection={<IconDownload size={20} />}
      onClick={() => saveFile("galen-proof.json", createProofFile(verdict.proofs, portableCrypto), "application/json")}
    >
      {t("save")}
    </Button>
  );
}

function Steps({ steps, checks }: { readonly steps: readonly Step[]; readonly checks: readonly string[] }) {
  const t = useTexts(checkTexts);
  return (
    <Section title={t("stepsTitle")}>
      <Card>
        <ol className={styles.steps}>
          {steps.map(({ key, values }) => (
            <li key={`${key} ${JSON.stringify(values)}`}>
              <IconCircleCheck size={24} aria-hidden="true" />
              {t(key, values)}
            </li>
          ))}
        </ol>
        <details className={styles.exact}>
          <summary>{t("exact")}</summary>
          <ul>
            {checks.map((check) => (
              <li key={check}>
                <Mono>{check}</Mono>
              </li>
            ))}
          </ul>
        </details>
      </Card>
    </Section>
  );
}

/** What keeps this browser from judging a proof, as a wrong clock does, and says nothing about it. */
const unjudged: readonly string[] = ["proof/VersionUnknown", "proof/WrongChain", "proof/ValidatorsNotFollowed", "proof/Stale"];

/** A proof that does not hold, with the reason; or an id that could not be looked up, which says nothing about it. */
export function FailedVerdict({ error, isLookUp }: { readonly error: unknown; readonly isLookUp: boolean }) {
  const t = useTexts(checkTexts);
  const { title, text, id } = describeFailure(error, checkTexts);
  // By a wrong clock nothing is said about the proof.
  const isByClock = clockFaultIn(error) !== undefined;
  const isUnjudged = error instanceof GalenError && unjudged.includes(error.id) && !isByClock;
  const isProof = error instanceof GalenError && error.id.startsWith("proof/") && !isUnjudged && !isByClock;
  return (
    <Banner
      tone={isProof ? "bad" : "plain"}
      icon={<IconCircleX size={44} />}
      title={isProof ? t("fails") : isUnjudged ? t("unjudged") : title}
    >
      <p>{!isProof && !isUnjudged && !isByClock && isLookUp ? t("unlooked") : text}</p>
      {id !== undefined && (
        <p>
          <Mono>{id}</Mono>
        </p>
      )}
    </Banner>
  );
}

interface BannerProps {
  readonly tone: "good" | "bad" | "plain";
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}

function Banner({ tone, icon, title, children }: BannerProps) {
  return (
    <div className={styles.banner} data-tone={tone} role="status">
      <span aria-hidden="true">{icon}</span>
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}
