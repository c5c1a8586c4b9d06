import { Button } from "@mantine/core";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { callOf, shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { Gist } from "../../ui/gist.tsx";
import { Note } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import type { PatientFiles } from "./read-files.ts";
import { hospitalTexts } from "./texts.ts";
import type { Assigned, Labels, Owners } from "./use-filing.ts";

interface SealBarProps {
  readonly patients: readonly PatientFiles[];
  readonly owners: Owners;
  /** Labels of the accounts that were opened here. */
  readonly opened: ReadonlyMap<string, Labels>;
  readonly isBusy: boolean;
  readonly onSeal: (assigned: readonly Assigned[]) => void;
}

/** What will come of all that is listed above. The acts themselves are told on the sheet, when they are sealed. */
export function SealBar({ patients, owners, opened, isBusy, onSeal }: SealBarProps) {
  const t = useTexts(hospitalTexts);
  const formats = useFormats();
  const names = useNames();
  const { saved } = usePerson();
  const assigned = patients.flatMap((patient) => {
    const owner = owners.get(patient.identity);
    return owner === undefined ? [] : [{ patient, owner, labels: opened.get(owner.account) }];
  });
  const missing = patients.length - assigned.length;
  const isDoubtful = new Set([...owners.values()].map(({ account }) => account)).size < owners.size;
  const count = assigned.reduce((sum, { patient }) => sum + patient.documents.length, 0);
  const house = saved.worksFor === undefined ? saved.name : (names.get(saved.worksFor)?.name ?? shortId(saved.worksFor));
  const nameList = formats.list(assigned.map(({ owner }) => names.get(owner.account)?.name ?? callOf(owner)));
  return (
    <div className={styles.bar}>
      {missing > 0 && <Note tone="warn">{t("missing", { count: missing })}</Note>}
      {missing === 0 && (
        <Gist>
          <h3>{t("signTitle")}</h3>
          <p>{t("signText", { count, names: nameList, house })}</p>
          <p className={styles.quiet}>{t("signOpens")}</p>
        </Gist>
      )}
      <Button size="lg" disabled={missing > 0 || isDoubtful} loading={isBusy} onClick={() => onSeal(assigned)}>
        {t("sign")}
      </Button>
    </div>
  );
}
