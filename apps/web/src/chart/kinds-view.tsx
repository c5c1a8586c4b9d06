import { Link } from "@tanstack/react-router";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { List, ListLine } from "../ui/list.tsx";
import { LongList } from "../ui/long-list.tsx";
import { Card, Tag } from "../ui/surface.tsx";
import styles from "./chart.module.css";
import type { Chart, Finding, FindingKind } from "./chart.ts";
import { useChartPlace } from "./chart-place.ts";
import { chartTexts } from "./chart-texts.ts";
import { DoubtTag } from "./doubt-tag.tsx";
import { kindsTexts } from "./kinds-texts.ts";
import { statusTexts } from "./status-texts.ts";

export const kinds = [
  "allergies",
  "vaccinations",
  "procedures",
  "images",
  "medication",
  "conditions",
] as const satisfies readonly FindingKind[];

/** Everything that was found, given or done, kind by kind. */
export function KindsView({ chart }: { readonly chart: Chart }) {
  const t = useTexts(kindsTexts);
  return kinds
    .filter((kind) => chart[kind].length > 0)
    .map((kind) => (
      <Card key={kind} className={styles.kind}>
        <h2>{t(kind)}</h2>
        <LongList items={chart[kind]}>
          {(shown) => (
            <List>
              {shown.map((finding, index) => (
                <FindingRow key={`${finding.objectId} ${index}`} finding={finding} />
              ))}
            </List>
          )}
        </LongList>
      </Card>
    ));
}

function FindingRow({ finding: { name, day, status, isNegated, doubt, objectId } }: { readonly finding: Finding }) {
  const t = useTexts(chartTexts);
  const statusOf = useTexts(statusTexts);
  const formats = useFormats();
  const { addressOf } = useChartPlace();
  const known = statusTexts.keys.find((key) => key === `status.${status}`);
  return (
    <ListLine>
      <Link className={styles.finding} to={addressOf(objectId)}>
        {name || t("unnamedMedicine")}
      </Link>
      {known !== undefined && <Tag tone={isNegated ? "warn" : "plain"}>{statusOf(known)}</Tag>}
      {doubt && <DoubtTag doubt={doubt} />}
      <span className={styles.quiet}>{day === undefined ? t("noDay") : formats.day(day)}</span>
    </ListLine>
  );
}
