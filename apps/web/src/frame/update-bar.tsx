import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { frameTexts } from "./frame-texts.ts";
import styles from "./shell.module.css";
import { useTexts } from "./texts.ts";
import { fingerprintOf, onUpdate } from "./updates.ts";

/** Says that the server has another version of the app. It is taken when the user says so, not when the server does. */
export function UpdateBar() {
  const t = useTexts(frameTexts);
  const [waiting, setWaiting] = useState<{ worker: ServiceWorker; fingerprint: string }>();
  useEffect(() => onUpdate((worker) => void fingerprintOf(worker).then((fingerprint) => setWaiting({ worker, fingerprint }))), []);
  if (!waiting) return null;
  return (
    <div className={styles.update} role="status">
      <strong>{t("updateTitle")}</strong>
      <span>{t("updateText", { fingerprint: waiting.fingerprint.slice(0, 16) })}</span>
      <Button size="xs" onClick={() => waiting.worker.postMessage("take-over")}>
        {t("update")}
      </Button>
    </div>
  );
}
