import { useTexts } from "../frame/texts.ts";
import { purposeTexts } from "./purpose-texts.ts";

/** What a purpose is called; a code without everyday words is shown as it is. */
export function usePurposeWords(): (purpose: string) => string {
  const t = useTexts(purposeTexts);
  return (purpose) => {
    const key = purposeTexts.keys.find((known) => known === purpose);
    return key === undefined ? purpose : t(key);
  };
}
