import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { usePerson } from "../../keys/person.ts";
import { PersonField } from "../../people/person-field.tsx";
import { accessTexts } from "./access-texts.ts";

interface WhoFieldProps {
  readonly value: CodeContent | undefined;
  readonly onChange: (reader: CodeContent | undefined) => void;
}

/** Whom a grant names: anybody but patients and oneself. */
export function WhoField({ value, onChange }: WhoFieldProps) {
  const t = useTexts(accessTexts);
  const { saved } = usePerson();
  return (
    <PersonField
      label={t("who")}
      isSought={({ part }, account) => part !== "patient" && account !== saved.account}
      value={value}
      onChange={onChange}
    />
  );
}
