import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { IconEye, IconShieldX, IconUrgent } from "@tabler/icons-react";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { EntryRow } from "../../ui/entry-row.tsx";
import styles from "./auditor.module.css";
import { Pseudonym } from "./pseudonym.tsx";
import { auditorTexts } from "./texts.ts";

/** What kind of entry it is, for who looks through many. */
export function kindOf({ outcome }: Pick<LoggedRelease, "outcome">): "read" | "refused" | "emergency" {
  if (outcome.kind === "refused") return "refused";
  return outcome.under === "emergency" ? "emergency" : "read";
}

const tones = { read: "plain", refused: "bad", emergency: "warn" } as const;
const icons = { read: IconEye, refused: IconShieldX, emergency: IconUrgent };

/** One request: by which house, for what, of whom, and what became of it. */
export function ReleaseRow({ release, house }: { readonly release: LoggedRelease; readonly house: string }) {
  const t = useTexts(auditorTexts);
  const formats = useFormats();
  const purposeWords = usePurposeWords();
  const { outcome, objects, purpose, reader, owner, at } = release;
  const kind = kindOf(release);
  const Icon = icons[kind];
  const count = objects.length;
  return (
    <EntryRow
      icon={<Icon size={22} />}
      tone={tones[kind]}
      at={at}
      time={formats.dateTime(at)}
      terms={
        <>
          {purposeWords(purpose)} · {outcome.kind === "refused" ? t(`reason.${outcome.reason}`) : t(`under.${outcome.under}`)}
          <span className={styles.persons}>
            <Pseudonym role={t("reader")} account={reader} />
            <Pseudonym role={t("patient")} account={owner} />
          </span>
        </>
      }
    >
      <strong>{house}</strong> {outcome.kind === "refused" ? t("refused", { count }) : t("read", { count })}
    </EntryRow>
  );
}
