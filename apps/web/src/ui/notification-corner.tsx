import { lazy, Suspense } from "react";
import styles from "./notification-corner.module.css";
import { useIsCornerWanted } from "./notify.ts";

/** Mantine's sheets lie at 200, its menus at 300: what was said is seen over a sheet, and covers no menu. */
const OVER_SHEETS = 250;

const Notifications = lazy(async () => ({ default: (await import("@mantine/notifications")).Notifications }));

/** Where `notify` says things. */
export function NotificationCorner() {
  if (!useIsCornerWanted()) return null;
  return (
    <Suspense>
      <Notifications className={styles.corner} position="top-right" zIndex={OVER_SHEETS} autoClose={8_000} />
    </Suspense>
  );
}
