import { useTexts } from "../../frame/texts.ts";
import { codeLink } from "../../keys/code-link.ts";
import { usePerson } from "../../keys/person.ts";
import { LinkCode } from "../../ui/link-code.tsx";
import { Mono, PageHeader } from "../../ui/surface.tsx";
import { accessTexts } from "./access-texts.ts";
import { BackTo } from "./back-to.tsx";

/** One's own code, to be scanned by whoever shall give access or file something. */
export function Page() {
  const t = useTexts(accessTexts);
  const { saved } = usePerson();
  const link = codeLink(saved, location.origin);
  return (
    <>
      <BackTo page="settings" />
      <PageHeader title={t("codeTitle")} lead={t("codeLead")} />
      <LinkCode link={link} label={`${t("codeTitle")}: ${saved.name}`} copy={t("codeLink")} copied={t("copied")}>
        <strong>{saved.name}</strong>
        <Mono>{saved.account}</Mono>
      </LinkCode>
    </>
  );
}
