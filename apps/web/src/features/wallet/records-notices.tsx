import { useTexts } from "../../frame/texts.ts";
import { Note } from "../../ui/surface.tsx";
import { recordsNoticesTexts } from "./records-notices-texts.ts";
import { RequestsNotice } from "./requests-notice.tsx";

/** What is told above somebody's own records: who waits for an answer, and that this device will not open them without a connection. */
export function RecordsNotices({ isUnkept }: { readonly isUnkept: boolean | undefined }) {
  const t = useTexts(recordsNoticesTexts);
  return (
    <>
      <RequestsNotice />
      {isUnkept && <Note tone="warn">{t("unkept")}</Note>}
    </>
  );
}
