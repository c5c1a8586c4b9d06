import type { Doubt } from "@galen/gateway/fhir/doubt";
import { useTexts } from "../frame/texts.ts";
import { Tag } from "../ui/surface.tsx";
import { statusTexts } from "./status-texts.ts";

/** Says that an author only thinks something to be so. */
export function DoubtTag({ doubt }: { readonly doubt: Doubt }) {
  const t = useTexts(statusTexts);
  return <Tag tone="warn">{t(`status.${doubt}`)}</Tag>;
}
