import { Select } from "@mantine/core";
import { useTexts } from "../../frame/texts.ts";
import type { TownPerson } from "../../keys/sample-town.ts";
import { startTexts } from "./texts.ts";

interface SomebodyElseProps {
  readonly people: readonly TownPerson[];
  readonly onTake: (person: TownPerson) => void;
}

/** The whole town, to be found by name. */
export function SomebodyElse({ people, onTake }: SomebodyElseProps) {
  const t = useTexts(startTexts);
  const partOf = usePartWords();
  const data = people.map((person) => ({ value: person.account, label: `${person.name} (${partOf(person)})` }));
  return (
    <Select
      label={t("someoneElse")}
      placeholder={t("someoneElseHint")}
      nothingFoundMessage={t("noMatch")}
      data={data}
      searchable
      value={null}
      onChange={(account) => {
        const person = people.find((one) => one.account === account);
        if (person) onTake(person);
      }}
    />
  );
}

/** What somebody of the town is, in a word. */
function usePartWords(): (person: Pick<TownPerson, "part" | "note">) => string {
  const t = useTexts(startTexts);
  return ({ part, note }) => {
    const key = startTexts.keys.find((known) => known === `part.${part}`);
    const word = key === undefined ? part : t(key);
    return note === "licence-suspended" ? `${word}, ${t("suspended")}` : word;
  };
}
