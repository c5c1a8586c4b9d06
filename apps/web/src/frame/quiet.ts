import { useEffect, useState } from "react";
import { queries } from "./queries.ts";

/** What nobody waits for comes after what somebody waits for: so long after it was asked for, and not while an answer is still under way. */
const QUIET_MS = 1_000;
const LOOK_AGAIN_MS = 250;
/** Longer is not waited for answers: one may never come. */
const PATIENCE_MS = 5_000;

/** Does what nobody waits for. Gives the function that lets it be. */
export function whenQuiet(act: () => void): () => void {
  const latest = performance.now() + PATIENCE_MS;
  let timer = setTimeout(look, QUIET_MS);
  function look(): void {
    if (queries.isFetching() > 0 && performance.now() < latest) timer = setTimeout(look, LOOK_AGAIN_MS);
    else act();
  }
  return () => clearTimeout(timer);
}

/** Whether what was asked for has had its second: the rest may be loaded now. */
export function useIsQuiet(): boolean {
  const [isQuiet, setQuiet] = useState(false);
  useEffect(() => whenQuiet(() => setQuiet(true)), []);
  return isQuiet;
}

/** Resolves when the browser has drawn what is there now. Never in a page that is hidden. */
export function nextPaint(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
