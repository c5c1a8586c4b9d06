import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { frameTexts } from "./frame-texts.ts";
import styles from "./shell.module.css";
import { useTexts } from "./texts.ts";
import { fingerprintOf, onUpdate, takeUpdate, type Update } from "./updates.ts";

/** Says that there is another version of the app. It is taken when the user says so, not when the server or another tab does. */
export function UpdateBar() {
  const t = useTexts(frameTexts);
  const [update, setUpdate] = useState<Update>();
  const [fingerprint, setFingerprint] = useState("");
  useEffect(
    () =>
      onUpdate((found) => {
        setUpdate(found);
        if (found.kind === "waiting") void fingerprintOf(found.worker).then(setFingerprint);
      }),
    [],
  );
  if (!update || (update.kind === "waiting" && fingerprint === "")) return null;
  return (
    <div className={styles.update} role="status">
      <strong>{t(update.kind === "waiting" ? "updateTitle" : "updatedTitle")}</strong>
      <span>{update.kind === "waiting" ? t("updateText", { fingerprint: fingerprint.slice(0, 16) }) : t("updatedText")}</span>
      <Button size="xs" onClick={() => takeUpdate(update)}>
        {t("update")}
      </Button>
    </div>
  );
}
