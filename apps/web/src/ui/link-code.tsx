import { Button, CopyButton } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./link-code.module.css";
import { QrCode } from "./qr-code.tsx";
import { Card } from "./surface.tsx";

interface LinkCodeProps {
  readonly link: string;
  /** What the code is, for people who do not see it. */
  readonly label: string;
  readonly copy: string;
  readonly copied: string;
  /** Between the code and the button. */
  readonly children?: ReactNode;
  /** Below the button. */
  readonly below?: ReactNode;
}

/** A link as a code to be scanned, and to be copied. */
export function LinkCode({ link, label, copy: copyText, copied: copiedText, children, below }: LinkCodeProps) {
  return (
    <Card>
      <div className={styles.sheet}>
        <QrCode text={link} label={label} />
        {children}
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button variant="light" size="lg" onClick={copy}>
              {copied ? copiedText : copyText}
            </Button>
          )}
        </CopyButton>
        {below}
      </div>
    </Card>
  );
}
