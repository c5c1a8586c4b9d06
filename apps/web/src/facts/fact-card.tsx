import type { Credential } from "@galen/ledger/modules/credentials/schema";
import { standingByItself } from "@galen/ledger/modules/credentials/standing";
import type { KnownForm } from "@galen/sdk/proofs/known-form";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { Fact, Facts } from "../ui/facts.tsx";
import { Card, Mono, Tag, type Tone } from "../ui/surface.tsx";
import styles from "./facts.module.css";
import { factTexts } from "./texts.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A record or event of the ledger in words: the fields that people ask for, and all of them below. */
export function FactCard({ fact: { name, value } }: { readonly fact: KnownForm }) {
  const t = useTexts(factTexts);
  const title = factTexts.keys.find((key) => key === name);
  const fields = { ...(value as Fields) };
  const shown = Object.keys(fields).flatMap((field) => {
    const key = factTexts.keys.find((known) => known === `field.${field}`);
    const isSaid = fields[field] !== undefined && !(times.has(field) && fields[field] === 0); // 0: from the first moment on
    return key === undefined || !isSaid ? [] : [{ field, key }];
  });
  return (
    <Card>
      <h3 className={styles.title}>
        {title === undefined ? t("fact") : t(title)}
        {title === undefined && <Mono> {name}</Mono>}
      </h3>
      <Facts columnWidth={13}>
        {name === "credentials/records" && <Standing credential={value as Credential} />}
        {shown.map(({ field, key }) => (
          <Fact key={field} name={t(key)}>
            <FieldValue field={field} value={fields[field]} />
          </Fact>
        ))}
      </Facts>
      <details className={styles.all}>
        <summary>{t("technical")}</summary>
        <pre>{JSON.stringify(value, undefined, 2)}</pre>
      </details>
    </Card>
  );
}

const tones = {
  valid: "good",
  suspended: "warn",
  revoked: "bad",
  expired: "bad",
  "not-yet-valid": "warn",
} as const satisfies Readonly<Record<ReturnType<typeof standingByItself>, Tone>>;

/** What a credential is worth now, as far as the credential itself tells. */
function Standing({ credential }: { readonly credential: Credential }) {
  const t = useTexts(factTexts);
  const standing = standingByItself(credential, Date.now());
  return (
    <Fact name={t("standing")}>
      <Tag tone={tones[standing]}>{t(`standing.${standing}`)}</Tag>
    </Fact>
  );
}

const times: ReadonlySet<string> = new Set(["at", "from", "until", "validFrom", "validUntil"]);

/** Times in the reader's words, accounts by name where this browser knows one, everything else as it stands. */
function FieldValue({ field, value }: { readonly field: string; readonly value: unknown }) {
  const formats = useFormats();
  const names = useNames();
  if (typeof value === "number" && (times.has(field) || field.endsWith("At"))) return formats.dateTime(value);
  if (typeof value === "number") return field === "sizeBucketBytes" ? formats.bytes(value) : formats.number(value);
  if (typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) return names.get(value)?.name ?? <Mono>{shortId(value)}</Mono>;
  if (Array.isArray(value)) return value.map(String).join(", ");
  return typeof value === "object" && value !== null ? Object.values(value).map(String).join(", ") : String(value);
}
