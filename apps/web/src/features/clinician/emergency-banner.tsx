import type { CommittedReason } from "@galen/sdk/records/read-emergency";
import { Button } from "@mantine/core";
import { IconAmbulance } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { saveFile } from "../../records/save-file.ts";
import { Mono } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { emergencyTexts } from "./emergency-texts.ts";

interface BannerProps {
  readonly name: string;
  readonly openedAt: number;
  readonly children?: ReactNode;
}

/** Says, for as long as the record is open, that it was opened without a grant. */
export function EmergencyBanner({ name, openedAt, children }: BannerProps) {
  const t = useTexts(emergencyTexts);
  const formats = useFormats();
  return (
    <section className={styles.banner} aria-label={t("banner")}>
      <p className={styles.bannerTitle}>
        <IconAmbulance size={28} aria-hidden="true" />
        {t("banner")}
      </p>
      <p>{t("bannerText", { name, time: formats.dateTime(openedAt) })}</p>
      {children}
    </section>
  );
}

interface KeepReasonProps {
  readonly releaseIds: OpenedRecord["releaseIds"];
  readonly reason: CommittedReason;
}

/** Hands out what the review will ask for. */
export function KeepReason({ releaseIds, reason: { text, nonce, reasonHash } }: KeepReasonProps) {
  const t = useTexts(emergencyTexts);
  const [isSaved, setSaved] = useState(false);
  function save(): void {
    saveFile(
      "galen-emergency-reason.json",
      JSON.stringify({ releaseIds, reason: text, nonce, reasonHash }, undefined, 2),
      "application/json",
    );
    setSaved(true);
  }
  return (
    <div className={styles.keep} data-screen-only>
      <strong>{t("keepTitle")}</strong>
      <p>{t("keepText")}</p>
      <blockquote>{text}</blockquote>
      <Mono>{nonce}</Mono>
      <Button variant="white" color="rust.7" onClick={save}>
        {isSaved ? t("saved") : t("save")}
      </Button>
    </div>
  );
}
