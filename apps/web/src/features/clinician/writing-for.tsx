import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { clinicianTexts } from "./texts.ts";

/** The house in whose name something is written; nothing for who writes alone. */
export function WritingFor() {
  const t = useTexts(clinicianTexts);
  const names = useNames();
  const { worksFor } = usePerson().saved;
  if (worksFor === undefined) return null;
  return <div>{t("noteFor", { name: names.get(worksFor)?.name ?? shortId(worksFor) })}</div>;
}
