import { useEffect, useState } from "react";

/** What nobody waits for comes after what somebody waits for. */
const QUIET_MS = 1_000;

/** Does what nobody waits for. */
export function whenQuiet(act: () => void): void {
  setTimeout(act, QUIET_MS);
}

/** Whether what was asked for has had its second: the rest may be loaded now. */
export function useIsQuiet(): boolean {
  const [isQuiet, setQuiet] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return isQuiet;
}

/** Resolves when the browser has drawn what is there now. Never in a page that is hidden. */
export function nextPaint(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
