import type { COMPARTMENTS } from "@galen/gateway/fhir/compartment";
import { SENSITIVE_COMPARTMENTS } from "@galen/gateway/fhir/sensitive-codes";
import type { ChartDocument } from "../../chart/chart.ts";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId } from "../../keys/names.ts";
import styles from "./access.module.css";
import { accessTexts } from "./access-texts.ts";
import { type Draft, endOf } from "./grant-draft.ts";

const sensitive: readonly string[] = SENSITIVE_COMPARTMENTS;

/** What a grant would come to today: how many documents, to whom, until when. */
export function GrantPreview({ draft, documents }: { readonly draft: Draft; readonly documents: readonly ChartDocument[] }) {
  const t = useTexts(accessTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const { to, what, areas } = draft;
  const covered = documents.filter(
    ({ compartment }) => what === "everything" || areas.includes(compartment as (typeof COMPARTMENTS)[number]),
  );
  const delicate = covered.filter(({ compartment }) => sensitive.includes(compartment)).length;
  const words = {
    what: what === "everything" ? t("everything") : formats.list(areas.map((name) => area(name))),
    who: to?.name || shortId(to?.account ?? ""),
    day: formats.date(endOf(draft, Date.now())),
    count: covered.length,
  };
  return (
    <div className={styles.preview} aria-live="polite">
      <h2>{t("previewTitle")}</h2>
      {!to && <p>{t("previewNobody")}</p>}
      {to && what === "areas" && areas.length === 0 && <p>{t("previewNothing")}</p>}
      {to && (what === "everything" || areas.length > 0) && <p>{t("preview", words)}</p>}
      {to && delicate > 0 && <p className={styles.delicate}>{t("previewWarning", { count: delicate })}</p>}
    </div>
  );
}
