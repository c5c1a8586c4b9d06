import type { Compartment } from "@galen/gateway/fhir/compartment";
import type { AccessRequest } from "@galen/sdk/records/access-request";
import { compartmentTexts } from "../chart/compartment-texts.ts";
import { usePurposeWords } from "../chart/purpose-words.ts";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { requestTexts } from "./request-texts.ts";

/** What a request is for, in one line. */
export function useRequestTerms(): (request: Pick<AccessRequest, "granting" | "wants">) => string {
  const t = useTexts(requestTexts);
  const area = useTexts(compartmentTexts);
  const purposeWords = usePurposeWords();
  const formats = useFormats();
  return ({ granting: { purposes, until }, wants }) => {
    const what = wants.kind === "compartments" ? formats.list(areasOf(wants).map((name) => area(name))) : t(wants.kind);
    return t("terms", { what, purpose: formats.list(purposes.map(purposeWords)), day: formats.date(until) });
  };
}

/** The areas of a request that names them; the app gave the names by which they were recognised. */
export function areasOf(wants: AccessRequest["wants"]): readonly Compartment[] {
  return wants.kind === "compartments" ? (wants.names as readonly Compartment[]) : [];
}
