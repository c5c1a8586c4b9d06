import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { useActsFor } from "../../records/acts-for.ts";
import { Choices } from "../../ui/choices.tsx";
import { walletTexts } from "./texts.ts";

interface SwitchProps {
  readonly value: string;
  readonly onChange: (account: string) => void;
}

/** Whose page is shown, and how another is chosen. Where one acts for somebody no more, it is one's own again. */
export function useWhose(): readonly [whose: string, choose: (account: string) => void] {
  const { saved } = usePerson();
  const dependents = useActsFor();
  const [chosen, choose] = useState(saved.account);
  return [dependents.includes(chosen) ? chosen : saved.account, choose];
}

/** For somebody who acts for others: whose records are meant. Nothing for everybody else. */
export function WhoseSwitch({ value, onChange }: SwitchProps) {
  const t = useTexts(walletTexts);
  const names = useNames();
  const { saved } = usePerson();
  const dependents = useActsFor();
  if (dependents.length === 0) return null;
  const data = [
    { value: saved.account, label: t("yours") },
    ...dependents.map((account) => ({ value: account, label: names.get(account)?.name ?? shortId(account) })),
  ];
  return <Choices label={t("whose")} value={value} onChange={onChange} choices={data} />;
}

/** What somebody for whom the person acts is called; undefined for the person, to whom a page says "you". */
export function useNameOfOther(): (account: string) => string | undefined {
  const { saved } = usePerson();
  const names = useNames();
  return (account) => (account === saved.account ? undefined : (names.get(account)?.name ?? shortId(account)));
}
