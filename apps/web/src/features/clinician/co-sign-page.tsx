import { useHash } from "../../frame/hash.ts";
import { Redirect } from "../../frame/redirect.tsx";
import { useTexts } from "../../frame/texts.ts";
import { Note, PageHeader } from "../../ui/surface.tsx";
import { documentAddress, parseCoSignLink } from "./co-sign-link.ts";
import { coSignTexts } from "./co-sign-texts.ts";

/** Where a link of a colleague leads: to the document that it names. */
export function Page() {
  const t = useTexts(coSignTexts);
  const named = parseCoSignLink(useHash());
  if (named) return <Redirect to={documentAddress(named)} />;
  return (
    <>
      <PageHeader title={t("title")} />
      <Note tone="bad">{t("linkDamaged")}</Note>
    </>
  );
}
