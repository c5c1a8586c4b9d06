import { useTexts } from "../../frame/texts.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { PersonField } from "../../people/person-field.tsx";
import { accessTexts } from "./access-texts.ts";
import type { Reader } from "./grant-draft.ts";

/** Parts in a network that are houses, not people. */
const organisations: readonly (string | undefined)[] = [
  "hospital",
  "clinic",
  "family-practice",
  "pharmacy",
  "insurer",
  "regulator",
  "licensing-body",
];

interface WhoFieldProps {
  readonly value: Reader | undefined;
  readonly onChange: (reader: Reader | undefined) => void;
}

/** Whom a grant names: anybody but patients and oneself. */
export function WhoField({ value, onChange }: WhoFieldProps) {
  const t = useTexts(accessTexts);
  const names = useNames();
  const { saved } = usePerson();
  return (
    <PersonField
      label={t("who")}
      isSought={({ part }, account) => part !== "patient" && account !== saved.account}
      value={value}
      onChange={(person) => onChange(person && { ...person, isOrganisation: organisations.includes(names.get(person.account)?.part) })}
    />
  );
}
