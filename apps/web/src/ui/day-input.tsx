import { TextInput } from "@mantine/core";
import type { Day } from "../frame/days.ts";

interface DayInputProps {
  readonly label: string;
  readonly description?: string;
  /** Empty where no day is given. */
  readonly value: Day;
  readonly error: string | undefined;
  readonly isRequired?: boolean;
  readonly onChange: (day: Day) => void;
}

/** A day, by the platform's own calendar. */
export function DayInput({ isRequired = false, onChange, ...field }: DayInputProps) {
  return <TextInput type="date" size="md" required={isRequired} onChange={(event) => onChange(event.currentTarget.value)} {...field} />;
}
