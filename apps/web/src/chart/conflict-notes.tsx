import { IconAlertTriangle } from "@tabler/icons-react";
import { useTexts } from "../frame/texts.ts";
import { LongList } from "../ui/long-list.tsx";
import { Note } from "../ui/surface.tsx";
import type { Conflict } from "./allergy-conflicts.ts";
import styles from "./chart.module.css";
import type { ChartPlace } from "./chart-place.ts";
import { chartTexts } from "./chart-texts.ts";

interface NotesProps extends Pick<ChartPlace, "reader"> {
  readonly conflicts: readonly Conflict[];
}

/** Which medicine does not go with which allergy, and what to do about it. Nothing where all goes together. */
export function ConflictNotes({ conflicts, reader }: NotesProps) {
  const t = useTexts(chartTexts);
  if (conflicts.length === 0) return null;
  return (
    <div className={styles.conflicts}>
      <LongList items={conflicts}>
        {(shown) =>
          shown.map(({ allergy, medication }) => (
            <Note key={allergy.name + medication.name} tone="bad" icon={<IconAlertTriangle size={24} aria-hidden="true" />}>
              <strong>{t(reader === "owner" ? "conflictTitle" : "conflictTitleClinician")}</strong>
              <br />
              {t("conflict", { medication: medication.name, allergy: allergy.name })}
            </Note>
          ))
        }
      </LongList>
    </div>
  );
}
