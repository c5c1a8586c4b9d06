import { readCoSignature } from "@galen/gateway/fhir/co-signature";
import { isPrescription } from "@galen/gateway/fhir/prescription";
import { lazy, Suspense } from "react";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { useNames } from "../keys/names.ts";
import { Tag } from "../ui/surface.tsx";
import type { ChartDocument } from "./chart.ts";
import { compartmentTexts } from "./compartment-texts.ts";
import { contentTexts } from "./content-texts.ts";
import styles from "./document-content.module.css";

/** Most documents are no prescriptions. */
const PrescriberNote = lazy(async () => ({ default: (await import("./prescriber-note.tsx")).PrescriberNote }));

/** Most are not co-signed either. */
const CoSignatures = lazy(async () => ({ default: (await import("./co-signatures.tsx")).CoSignatures }));

interface DocumentFactsProps {
  readonly document: ChartDocument;
  /** All that are open of the same record. */
  readonly among: readonly ChartDocument[];
}

/** Of which day a document is, who filed it, in which area it lies, and who has co-signed it. */
export function DocumentFacts({ document, among }: DocumentFactsProps) {
  const { day, author, compartment, content } = document;
  const t = useTexts(contentTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const names = useNames();
  return (
    <>
      <p className={styles.facts}>
        {day !== undefined && <span>{formats.day(day)}</span>}
        <span>{t("by", { author: names.get(author)?.name ?? t("unknownAuthor") })}</span>
        <Tag tone="brand">{area(compartment)}</Tag>
      </p>
      {isPrescription(content) && (
        <div className={styles.prescriber}>
          <Suspense>
            <PrescriberNote document={document} />
          </Suspense>
        </div>
      )}
      {among.some((one) => readCoSignature(one.content)) && (
        <Suspense>
          <CoSignatures document={document} among={among} />
        </Suspense>
      )}
    </>
  );
}
