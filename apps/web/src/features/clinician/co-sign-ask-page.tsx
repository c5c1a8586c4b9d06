import { Button, CopyButton } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useTexts } from "../../frame/texts.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { Card, PageHeader } from "../../ui/surface.tsx";
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
      <Card>
        <div className={styles.code}>
          <div className={styles.qr}>
            <QrCode text={link} label={t("codeOf")} />
          </div>
          <CopyButton value={link}>
            {({ copied, copy }) => (
              <Button variant="light" size="lg" onClick={copy}>
                {t(copied ? "copied" : "copy")}
              </Button>
            )}
          </CopyButton>
          <p className={styles.quiet}>{t("askText")}</p>
        </div>
      </Card>
    </>
  );
}
