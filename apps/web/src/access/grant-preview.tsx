import type { Compartment } from "@galen/gateway/fhir/compartment";
import { SENSITIVE_COMPARTMENTS } from "@galen/gateway/fhir/sensitive-codes";
import type { ChartDocument } from "../chart/chart.ts";
import { compartmentTexts } from "../chart/compartment-texts.ts";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { Gist } from "../ui/gist.tsx";
import { Note } from "../ui/surface.tsx";
import { opensSomething } from "./grant-terms.ts";
import { termsTexts } from "./terms-texts.ts";

const sensitive: readonly string[] = SENSITIVE_COMPARTMENTS;

interface PreviewProps {
  /** What the one is called who may read; undefined while nobody is chosen. */
  readonly to: string | undefined;
  readonly what: "everything" | "areas";
  readonly areas: readonly Compartment[];
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Of the owner; undefined where they are not open here. */
  readonly documents: readonly ChartDocument[] | undefined;
}

/** What a grant would come to today: how many documents, to whom, until when. */
export function GrantPreview({ to, what, areas, until, documents }: PreviewProps) {
  const t = useTexts(termsTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const covered = documents?.filter(({ compartment }) => what === "everything" || areas.includes(compartment));
  const delicate = covered?.filter(({ compartment }) => sensitive.includes(compartment)).length ?? 0;
  const opened = what === "everything" ? t("everything") : formats.list(areas.map((name) => area(name)));
  const words = { what: opened, who: to ?? "", day: formats.date(until) };
  return (
    <Gist aria-live="polite">
      <h2>{t("previewTitle")}</h2>
      {to === undefined && <p>{t("previewNobody")}</p>}
      {to !== undefined && !opensSomething({ what, areas }) && <p>{t("previewNothing")}</p>}
      {to !== undefined && opensSomething({ what, areas }) && (
        <p>{covered ? t("preview", { ...words, count: covered.length }) : t("previewUncounted", words)}</p>
      )}
      {to !== undefined && delicate > 0 && <Note tone="warn">{t("previewWarning", { count: delicate })}</Note>}
    </Gist>
  );
}
