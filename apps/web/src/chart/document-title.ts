import { readCoSignature } from "@galen/gateway/fhir/co-signature";
import { useTexts } from "../frame/texts.ts";
import type { ChartDocument } from "./chart.ts";
import { chartTexts } from "./chart-texts.ts";

/** What a document is called beside the others that are open: a co-signature by the document under which it stands, since it repeats nothing of that. */
export function useDocumentTitle(): (document: ChartDocument, among: readonly ChartDocument[]) => string {
  const t = useTexts(chartTexts);
  return ({ title, statementOn, content }, among) => {
    if (!readCoSignature(content)) return title;
    const signed = among.find(({ objectId }) => objectId === statementOn);
    return signed && !readCoSignature(signed.content) ? t("coSignatureOf", { title: signed.title }) : t("coSignature");
  };
}
