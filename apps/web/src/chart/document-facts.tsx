import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { useNames } from "../keys/names.ts";
import { Tag } from "../ui/surface.tsx";
import type { ChartDocument } from "./chart.ts";
import { compartmentTexts } from "./compartment-texts.ts";
import { contentTexts } from "./content-texts.ts";
import styles from "./document-content.module.css";

/** Of which day a document is, who filed it, and in which area it lies. */
export function DocumentFacts({ document: { day, author, compartment } }: { readonly document: ChartDocument }) {
  const t = useTexts(contentTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const names = useNames();
  return (
    <p className={styles.facts}>
      {day !== undefined && <span>{formats.date(Date.parse(day))}</span>}
      <span>{t("by", { author: names.get(author)?.name ?? t("unknownAuthor") })}</span>
      <Tag tone="brand">{area(compartment)}</Tag>
    </p>
  );
}
