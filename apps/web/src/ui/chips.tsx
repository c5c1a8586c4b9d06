import { Chip } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./chips.module.css";

interface ChipsProps<Value extends string | number> {
  readonly values: readonly Value[];
  readonly labelOf: (value: Value) => string;
}

interface OneProps<Value extends string | number> extends ChipsProps<Value> {
  readonly chosen: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few. */
export function Chips<Value extends string | number>({ values, labelOf, chosen, onChange }: OneProps<Value>) {
  return (
    <Chip.Group value={String(chosen)} onChange={(text) => onChange(values.find((value) => String(value) === text) ?? chosen)}>
      <ChipRow values={values} labelOf={labelOf} />
    </Chip.Group>
  );
}

interface SeveralProps<Value extends string> extends ChipsProps<Value> {
  readonly chosen: readonly Value[];
  /** In the order of `values`. */
  readonly onChange: (chosen: readonly Value[]) => void;
}

/** Any of a few. */
export function SeveralChips<Value extends string>({ values, labelOf, chosen, onChange }: SeveralProps<Value>) {
  return (
    <Chip.Group multiple value={[...chosen]} onChange={(texts) => onChange(values.filter((value) => texts.includes(value)))}>
      <ChipRow values={values} labelOf={labelOf} />
    </Chip.Group>
  );
}

function ChipRow<Value extends string | number>({ values, labelOf }: ChipsProps<Value>) {
  return (
    <div className={styles.chips}>
      {values.map((value) => (
        <Chip key={value} size="md" value={String(value)}>
          {labelOf(value)}
        </Chip>
      ))}
    </div>
  );
}

/** A question with what can be answered. */
export function Question({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset className={styles.question}>
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}
