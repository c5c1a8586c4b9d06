import { useId } from "react";
import styles from "./choices.module.css";

interface ChoicesProps<Value extends string> {
  /** What is chosen, for those who do not see it. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
}

/** One of a few, side by side: radio buttons of the platform, with its keys. */
export function Choices<Value extends string>({ label, value, onChange, choices }: ChoicesProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.choices} data-screen-only>
      <legend className={styles.legend}>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.choice}>
          <input type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
