import { isDocumentRetracted } from "@galen/gateway/fhir/retraction";
import { Link } from "@tanstack/react-router";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { useNames } from "../keys/names.ts";
import { Tag } from "../ui/surface.tsx";
import styles from "./chart.module.css";
import type { Chart, ChartDocument } from "./chart.ts";
import { useChartPlace } from "./chart-place.ts";
import { chartTexts } from "./chart-texts.ts";
import { useDocumentTitle } from "./document-title.ts";

/** Document after document, the newest first, year by year. */
export function TimelineView({ chart }: { readonly chart: Chart }) {
  const t = useTexts(chartTexts);
  const titleOf = useDocumentTitle();
  const years = Map.groupBy(chart.documents, ({ day }) => day?.slice(0, 4) ?? "");
  return [...years].map(([year, documents]) => (
    <section key={year}>
      <h2 className={styles.year}>{year === "" ? t("noDay") : year}</h2>
      <ol className={styles.timeline}>
        {documents.map((document) => (
          <TimelineEntry key={document.objectId} document={document} title={titleOf(document, chart.documents)} />
        ))}
      </ol>
    </section>
  ));
}

function TimelineEntry({
  document: { objectId, day, author, content },
  title,
}: {
  readonly document: ChartDocument;
  readonly title: string;
}) {
  const t = useTexts(chartTexts);
  const formats = useFormats();
  const { addressOf } = useChartPlace();
  const names = useNames();
  return (
    <li className={styles.entry}>
      <Link className={styles.entryLink} to={addressOf(objectId)}>
        {day !== undefined && <span className={styles.entryDay}>{formats.day(day)}</span>}
        <span className={styles.entryTitle}>{title}</span>
        {isDocumentRetracted(content) && <Tag tone="warn">{t("retractedDocument")}</Tag>}
        <span className={styles.entryAuthor}>{t("from", { author: names.get(author)?.name ?? t("unknownAuthor") })}</span>
      </Link>
    </li>
  );
}
