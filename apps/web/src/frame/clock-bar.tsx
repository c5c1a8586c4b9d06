import { lazy, Suspense } from "react";
import { useClockFault } from "../network/clock.ts";

/** Most clocks are right. */
const ClockNotice = lazy(async () => ({ default: (await import("./clock-notice.tsx")).ClockNotice }));

/** Says over every page that this device's clock is wrong, for as long as it is. */
export function ClockBar() {
  const fault = useClockFault();
  return <Suspense>{fault && <ClockNotice fault={fault} />}</Suspense>;
}
