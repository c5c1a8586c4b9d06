import type { JsonObject } from "@galen/gateway";
import { hasAttachments } from "@galen/gateway/fhir/attachments";
import { type NoteWords, readNote } from "@galen/gateway/fhir/clinical-note";
import { resourcesOf } from "@galen/gateway/fhir/document-facts";
import { textAt } from "@galen/gateway/fhir/json-value";
import { type MedicineOf, medicinesIn } from "@galen/gateway/fhir/medicine";
import { isRetracted } from "@galen/gateway/fhir/retraction";
import { summariseResource, type Wording } from "@galen/gateway/fhir/summarise";
import { lazy, Suspense } from "react";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { LongList } from "../ui/long-list.tsx";
import { Card, Note } from "../ui/surface.tsx";
import { chartTexts } from "./chart-texts.ts";
import { contentTexts } from "./content-texts.ts";
import styles from "./document-content.module.css";
import { statusTexts } from "./status-texts.ts";

/** Most documents have no files inside. */
const Attachments = lazy(async () => ({ default: (await import("./attachments.tsx")).Attachments }));

/** What frames a document says nothing to people. */
const framing: readonly string[] = [
  "Composition",
  "Organization",
  "Practitioner",
  "PractitionerRole",
  "Location",
  "Provenance",
  "Media",
  "Binary",
];
const framingNotes: readonly string[] = [...framing, "DocumentReference"];

/** What a document says, kind by kind, in the author's words. */
export function DocumentContent({ content }: { readonly content: JsonObject }) {
  const t = useTexts(contentTexts);
  const formats = useFormats();
  const wording = useWording();
  const resources = resourcesOf(content);
  const medicineOf = medicinesIn(content);
  const notes = resources.flatMap((resource) => readNote(resource) ?? []);
  // A note is its words.
  const untold = notes.length === 0 ? framing : framingNotes;
  const told = resources.filter((resource) => !untold.includes(textAt(resource, "resourceType") ?? ""));
  const byType = Map.groupBy(told, (resource) => textAt(resource, "resourceType") ?? "");
  const sections = sectionsOf(byType);
  const others = [...byType].filter(([type]) => !sections.some(({ key }) => key === `section.${type}`));
  const lined = new Set(sections.flatMap(({ resources }) => resources));
  return (
    <>
      <RetractionNote unlined={resources.filter((resource) => !lined.has(resource))} />
      {notes.length + byType.size > 0 && (
        <Card>
          <h2 className={styles.heading}>{t("contains")}</h2>
          <LongList items={notes}>{(shown) => shown.map((note, index) => <Words key={index} note={note} />)}</LongList>
          <dl className={styles.sections}>
            {sections.map(({ key, resources }) => (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd>
                  <Lines lines={linesOf(resources, wording, medicineOf)} />
                </dd>
              </div>
            ))}
          </dl>
          {others.length > 0 && (
            <p className={styles.others}>
              {t("other")}: {formats.list(others.map(([type, resources]) => `${type} ${resources.length}`))}
            </p>
          )}
        </Card>
      )}
      {hasAttachments(content) && (
        <Suspense>
          <Attachments content={content} />
        </Suspense>
      )}
    </>
  );
}

/** What has a line of its own is marked there when it was taken back. */
function RetractionNote({ unlined }: { readonly unlined: readonly JsonObject[] }) {
  const t = useTexts(contentTexts);
  return unlined.some(isRetracted) && <Note tone="warn">{t("retracted")}</Note>;
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <LongList items={lines}>
      {(shown) => (
        <ul>
          {shown.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </LongList>
  );
}

function Words({ note: { text, isWhole } }: { readonly note: NoteWords }) {
  const t = useTexts(contentTexts);
  return (
    <>
      <p className={styles.note}>{text}</p>
      {!isWhole && <p className={styles.others}>{t("noteCut")}</p>}
    </>
  );
}

/** What is told line by line, in the order of the texts. */
function sectionsOf(byType: ReadonlyMap<string, readonly JsonObject[]>) {
  return contentTexts.keys.flatMap((key) => {
    const resources = key.startsWith("section.") ? byType.get(key.slice("section.".length)) : undefined;
    return resources ? [{ key, resources }] : [];
  });
}

/** What says the same twice is shown once. */
function linesOf(resources: readonly JsonObject[], wording: Wording, medicineOf: MedicineOf): readonly string[] {
  return [...new Set(resources.map((resource) => summariseResource(resource, wording, medicineOf)).filter((line) => line !== ""))];
}

/** What the record holds as codes and days, in the reader's language; codes that are not known here stay as they are. */
function useWording(): Wording {
  const t = useTexts(contentTexts);
  const chart = useTexts(chartTexts);
  const statusOf = useTexts(statusTexts);
  const formats = useFormats();
  return {
    day: formats.day,
    code(code) {
      const status = statusTexts.keys.find((key) => key === `status.${code}`);
      if (status !== undefined) return statusOf(status);
      const known = contentTexts.keys.find((key) => key === `code.${code}`);
      return known === undefined ? code : t(known);
    },
    born: (day) => t("born", { day }),
    because: (reason) => t("because", { reason }),
    unnamedMedicine: () => chart("unnamedMedicine"),
  };
}
