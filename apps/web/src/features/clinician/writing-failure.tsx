import { Link } from "@tanstack/react-router";
import { DocumentContent } from "../../chart/document-content.tsx";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { EarlierFiledError } from "../../records/use-writing.ts";
import { NotSignedError } from "../../signing/signing.tsx";
import { Note } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { documentAddress } from "./co-sign-link.ts";
import { clinicianTexts } from "./texts.ts";

interface FailureProps {
  /** Account of the patient. */
  readonly account: string;
  readonly error: Error | null;
  /** The form's own words for its own refusals. */
  readonly words?: string | undefined;
}

/** Why what was written is not on file. */
export function WritingFailure({ account, error, words }: FailureProps) {
  if (!error || error instanceof NotSignedError) return null;
  if (error instanceof EarlierFiledError) return <EarlierFiled account={account} document={error.document} />;
  return <Note tone="bad">{words ?? describeFailure(error).text}</Note>;
}

/** What is on file in place of what the form says, to be read before anything else is filed. */
function EarlierFiled({ account, document }: Pick<FailureProps, "account"> & Pick<EarlierFiledError, "document">) {
  const t = useTexts(clinicianTexts);
  return (
    <div className={styles.earlier}>
      <Note tone="bad">
        <strong>{t("earlierFiled")}</strong>
        <br />
        {t("earlierFiledText")}
      </Note>
      <Link to={documentAddress({ owner: account, objectId: document.objectId })}>{document.title}</Link>
      <DocumentContent content={document.content} />
    </div>
  );
}
