import { useParams } from "@tanstack/react-router";
import { useTexts } from "../../frame/texts.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { LinkCode } from "../../ui/link-code.tsx";
import { PageHeader } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { coSignLink, documentAddress } from "./co-sign-link.ts";
import { coSignTexts } from "./co-sign-texts.ts";

/** Link and code with which a colleague finds a document at her own desk. */
export function Page() {
  const t = useTexts(coSignTexts);
  const { account, objectId } = useParams({ strict: false }) as { readonly account: string; readonly objectId: string };
  const named = { owner: account, objectId };
  const link = coSignLink(named, location.origin);
  return (
    <>
      <BackLink to={documentAddress(named)}>{t("back")}</BackLink>
      <PageHeader title={t("askTitle")} lead={t("askLead")} />
      <LinkCode
        link={link}
        label={t("codeOf")}
        copy={t("copy")}
        copied={t("copied")}
        below={<p className={styles.quiet}>{t("askText")}</p>}
      />
    </>
  );
}
