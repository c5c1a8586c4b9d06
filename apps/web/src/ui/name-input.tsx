import { TextInput } from "@mantine/core";

interface NameInputProps {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly isRequired?: boolean;
  readonly onChange: (name: string) => void;
}

/** What somebody is called, here and nowhere else. */
export function NameInput({ isRequired = false, onChange, ...field }: NameInputProps) {
  return <TextInput size="md" maxLength={80} required={isRequired} onChange={(event) => onChange(event.currentTarget.value)} {...field} />;
}
