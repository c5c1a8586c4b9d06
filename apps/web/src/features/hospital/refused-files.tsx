import { IconFileX } from "@tabler/icons-react";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { Mono, Section } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import type { RefusedFile } from "./read-files.ts";
import { refusalTexts } from "./refusal-texts.ts";
import { hospitalTexts } from "./texts.ts";

/** Files that cannot be filed: which, where in them, and why. */
export function RefusedFiles({ files }: { readonly files: readonly RefusedFile[] }) {
  const t = useTexts(hospitalTexts);
  if (files.length === 0) return null;
  return (
    <Section title={t("refusedTitle", { count: files.length })}>
      <p className={styles.quiet}>{t("refusedText")}</p>
      <ul className={styles.refused}>
        {files.map((file) => (
          <RefusedRow key={file.file} {...file} />
        ))}
      </ul>
    </Section>
  );
}

function RefusedRow({ file, document, refusal: { id, place, detail } }: RefusedFile) {
  const t = useTexts(hospitalTexts);
  const why = useTexts(refusalTexts);
  const isEnglish = useLanguage() === "en";
  return (
    <li>
      <IconFileX size={24} aria-hidden="true" />
      <div>
        <strong>{file}</strong>
        {document !== undefined && <p>{t("inDocument", { document })}</p>}
        <p>
          {why(id)}
          {/* The exact finding is told in English only. */}
          {detail !== "" && isEnglish && ` (${detail})`}
        </p>
        <p className={styles.place}>
          {t("at", { path: place.path })}
          {place.line !== undefined && `, ${t("line", { line: place.line, column: place.column ?? 1 })}`} <Mono>{id}</Mono>
        </p>
      </div>
    </li>
  );
}
