import type { Compartment } from "@galen/gateway/fhir/compartment";
import { Chip, Radio } from "@mantine/core";
import type { ReactNode } from "react";
import { compartmentTexts } from "../chart/compartment-texts.ts";
import { usePurposeWords } from "../chart/purpose-words.ts";
import { useTexts } from "../frame/texts.ts";
import { Note } from "../ui/surface.tsx";
import styles from "./access.module.css";
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
      <Choice label={t("why")}>
        <Chips values={purposes} chosen={terms.purpose} labelOf={purposeWords} onChange={(purpose) => onChange({ purpose })} />
      </Choice>
      <Choice label={t("howLong")}>
        <Chips values={spans} chosen={terms.days} labelOf={(days) => t(`span.${days}`)} onChange={(days) => onChange({ days })} />
      </Choice>
    </>
  );
}

function WhatField({ terms: { what, areas: chosen }, known, onChange }: Required<Pick<TermsProps, "terms" | "known" | "onChange">>) {
  const t = useTexts(termsTexts);
  const area = useTexts(compartmentTexts);
  return (
    <Choice label={t("what")}>
      <Radio.Group aria-label={t("what")} value={what} onChange={(value) => onChange({ what: value })}>
        <div className={styles.choices}>
          <Radio size="md" value="everything" label={t("whatEverything")} />
          <Radio size="md" value="areas" label={t("whatAreas")} />
        </div>
      </Radio.Group>
      {what === "areas" && known.length === 0 && <Note tone="warn">{t("unknownAreas")}</Note>}
      {what === "areas" && known.length > 0 && (
        <Chip.Group multiple value={[...chosen]} onChange={(value) => onChange({ areas: areas.filter((name) => value.includes(name)) })}>
          <div className={styles.choices}>
            {known.map((name) => (
              <Chip key={name} size="md" value={name}>
                {area(name)}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      )}
    </Choice>
  );
}

interface ChipsProps<Value extends string | number> {
  readonly values: readonly Value[];
  readonly chosen: Value;
  readonly labelOf: (value: Value) => string;
  readonly onChange: (value: Value) => void;
}

/** One of a few. */
export function Chips<Value extends string | number>({ values, chosen, labelOf, onChange }: ChipsProps<Value>) {
  return (
    <Chip.Group value={String(chosen)} onChange={(text) => onChange(values.find((value) => String(value) === text) ?? chosen)}>
      <div className={styles.choices}>
        {values.map((value) => (
          <Chip key={value} size="md" value={String(value)}>
            {labelOf(value)}
          </Chip>
        ))}
      </div>
    </Chip.Group>
  );
}

/** A question with what can be answered. */
export function Choice({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}
