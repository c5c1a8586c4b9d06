import type { Compartment } from "@galen/gateway/fhir/compartment";
import { Radio } from "@mantine/core";
import { compartmentTexts } from "../chart/compartment-texts.ts";
import { usePurposeWords } from "../chart/purpose-words.ts";
import { useTexts } from "../frame/texts.ts";
import { Chips, Question, SeveralChips } from "../ui/chips.tsx";
import { Note } from "../ui/surface.tsx";
import { areas, type GrantTerms, purposes, spans } from "./grant-terms.ts";
import { termsTexts } from "./terms-texts.ts";

interface TermsProps {
  readonly terms: GrantTerms;
  readonly onChange: (part: Partial<GrantTerms>) => void;
  /** Where areas cannot be told apart. */
  readonly isEverythingOnly?: boolean;
  /** Areas that can be named; all unless given. */
  readonly known?: readonly Compartment[];
}

/** What access opens, what for, how long: three questions, for who gives it and for who asks for it. */
export function TermsFields({ terms, onChange, isEverythingOnly = false, known = areas }: TermsProps) {
  const t = useTexts(termsTexts);
  const purposeWords = usePurposeWords();
  return (
    <>
      {!isEverythingOnly && <WhatField terms={terms} known={known} onChange={onChange} />}
      <Question label={t("why")}>
        <Chips values={purposes} chosen={terms.purpose} labelOf={purposeWords} onChange={(purpose) => onChange({ purpose })} />
      </Question>
      <Question label={t("howLong")}>
        <Chips values={spans} chosen={terms.days} labelOf={(days) => t(`span.${days}`)} onChange={(days) => onChange({ days })} />
      </Question>
    </>
  );
}

function WhatField({ terms: { what, areas: chosen }, known, onChange }: Required<Pick<TermsProps, "terms" | "known" | "onChange">>) {
  const t = useTexts(termsTexts);
  const area = useTexts(compartmentTexts);
  return (
    <Question label={t("what")}>
      <Radio.Group aria-label={t("what")} value={what} onChange={(value) => onChange({ what: value })}>
        <Radio size="md" value="everything" label={t("whatEverything")} />
        <Radio size="md" value="areas" label={t("whatAreas")} />
      </Radio.Group>
      {what === "areas" && known.length === 0 && <Note tone="warn">{t("unknownAreas")}</Note>}
      {what === "areas" && known.length > 0 && (
        <SeveralChips values={known} chosen={chosen} labelOf={area} onChange={(names) => onChange({ areas: names })} />
      )}
    </Question>
  );
}

/** Where `isTooWide` holds and areas can be chosen. */
export function TooWide() {
  return <Note tone="warn">{useTexts(termsTexts)("tooManyPlaces")}</Note>;
}
