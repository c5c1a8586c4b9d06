import { Button, CopyButton } from "@mantine/core";
import { useTexts } from "../../frame/texts.ts";
import { codeLink } from "../../keys/code-link.ts";
import { usePerson } from "../../keys/person.ts";
import { QrCode } from "../../ui/qr-code.tsx";
import { Card, Mono, PageHeader } from "../../ui/surface.tsx";
import styles from "./access.module.css";
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
      <Card>
        <div className={styles.code}>
          <div className={styles.qr}>
            <QrCode text={link} label={`${t("codeTitle")}: ${saved.name}`} />
          </div>
          <strong>{saved.name}</strong>
          <Mono>{saved.account}</Mono>
          <CopyButton value={link}>
            {({ copied, copy }) => (
              <Button variant="light" size="lg" onClick={copy}>
                {t(copied ? "copied" : "codeLink")}
              </Button>
            )}
          </CopyButton>
        </div>
      </Card>
    </>
  );
}
