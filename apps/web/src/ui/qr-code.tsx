import { encode } from "uqr";
import styles from "./qr-code.module.css";

interface QrCodeProps {
  readonly text: string;
  /** What a screen reader says of the picture. */
  readonly label: string;
  /** For long texts: less correction of errors, and so larger dots. */
  readonly isDense?: boolean;
}

/** A QR code as one path on a white sheet, dark on light in every appearance: cameras expect it so. */
export function QrCode({ text, label, isDense = false }: QrCodeProps) {
  const { data, size } = encode(text, { ecc: isDense ? "L" : "M", border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <div className={styles.frame} data-dense={isDense || undefined}>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#0d1226" />
      </svg>
    </div>
  );
}
