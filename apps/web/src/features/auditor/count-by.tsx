import { useTexts } from "../../frame/texts.ts";
import { Choices } from "../../ui/choices.tsx";
import { auditorTexts } from "./texts.ts";

export type CountedBy = "purpose" | "organisation";

interface CountByProps {
  readonly value: CountedBy;
  readonly onChange: (value: CountedBy) => void;
}

/** What requests are counted by. */
export function CountBy(props: CountByProps) {
  const t = useTexts(auditorTexts);
  const choices = [
    { value: "purpose", label: t("byPurpose") },
    { value: "organisation", label: t("byHouse") },
  ] as const;
  return <Choices<CountedBy> label={t("countBy")} choices={choices} {...props} />;
}
