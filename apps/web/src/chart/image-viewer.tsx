import { Button } from "@mantine/core";
import { IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useState } from "react";
import { useTexts } from "../frame/texts.ts";
import { Sheet } from "../ui/sheet.tsx";
import { Actions } from "../ui/surface.tsx";
import { attachmentTexts } from "./attachment-texts.ts";
import styles from "./attachments.module.css";

/** Percent of the width at hand. */
const sizes = [100, 150, 200, 300, 400] as const;

interface ViewerProps {
  readonly name: string;
  readonly address: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** An image over the whole page, as large as somebody wants it. */
export function ImageViewer({ name, address, isOpen, onClose }: ViewerProps) {
  const t = useTexts(attachmentTexts);
  const [step, setStep] = useState(0);
  return (
    <Sheet opened={isOpen} onClose={onClose} title={name} fullScreen>
      <Actions>
        <Button
          variant="light"
          disabled={step === sizes.length - 1}
          leftSection={<IconZoomIn size={20} aria-hidden="true" />}
          onClick={() => setStep(step + 1)}
        >
          {t("larger")}
        </Button>
        <Button
          variant="light"
          disabled={step === 0}
          leftSection={<IconZoomOut size={20} aria-hidden="true" />}
          onClick={() => setStep(step - 1)}
        >
          {t("smaller")}
        </Button>
        <Button
          variant="light"
          disabled={step === 0}
          leftSection={<IconMaximize size={20} aria-hidden="true" />}
          onClick={() => setStep(0)}
        >
          {t("fit")}
        </Button>
      </Actions>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1). */}
      <section className={styles.stage} tabIndex={0} aria-label={name}>
        <img src={address} alt={name} style={{ width: `${sizes[step]}%` }} />
      </section>
    </Sheet>
  );
}
