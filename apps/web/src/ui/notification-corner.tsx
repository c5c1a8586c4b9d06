import { lazy, Suspense } from "react";
import { useIsCornerWanted } from "./notify.ts";

const Notifications = lazy(async () => ({ default: (await import("@mantine/notifications")).Notifications }));

/** Where `notify` says things. */
export function NotificationCorner() {
  if (!useIsCornerWanted()) return null;
  return (
    <Suspense>
      <Notifications position="top-right" zIndex={400} autoClose={8_000} />
    </Suspense>
  );
}
