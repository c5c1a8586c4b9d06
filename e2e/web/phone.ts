import type { CDPSession, Page } from "playwright-core";

/** A phone of the middle class on a mobile network: the preset "Fast 4G" of Chromium's developer tools, and a processor four times slower. */
export const phoneProfile = {
  viewport: { width: 390, height: 844 },
  network: { offline: false, latency: 165, downloadThroughput: 1_012_500, uploadThroughput: 168_750 },
  slowdown: 4,
} as const;

/**
 * Room for the whole page below the browser's own bar. Playwright makes the window no larger than the page, whose lower edge is then out of sight: a
 * press that changes nothing but the navigation there counts as drawn when something else is.
 */
const WINDOW = { width: 600, height: 1_100 } as const;

/** Slows a page down to the profile. */
export async function throttle(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", phoneProfile.network);
  await session.send("Emulation.setCPUThrottlingRate", { rate: phoneProfile.slowdown });
  const { windowId } = await session.send("Browser.getWindowForTarget");
  await session.send("Browser.setWindowBounds", { windowId, bounds: WINDOW });
  return session;
}

/** What the page must run before anything else, as text: this file is type-checked without a browser's names. */
export const OBSERVE = `
  globalThis.galenPaints = [];
  globalThis.galenInteractions = [];
  new PerformanceObserver((list) => galenPaints.push(...list.getEntries())).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => galenInteractions.push(...list.getEntries()))
    .observe({ type: "event", durationThreshold: 16, buffered: true });
`;

/** Milliseconds from navigation to the largest paint so far. */
export function largestPaintMs(page: Page): Promise<number> {
  return page.evaluate("galenPaints.at(-1).startTime");
}

/** Milliseconds of the interactions so far, from the press to the next paint. */
export function interactions(page: Page): Promise<readonly number[]> {
  return page.evaluate(`galenInteractions.filter(({ interactionId }) => interactionId > 0).map(({ duration }) => duration)`);
}

/** Requests that have ended, with the bytes that came over the wire. */
export function loadedBy(page: Page): Promise<readonly { readonly url: string; readonly bytes: number }[]> {
  return page.evaluate(`performance.getEntries()
    .filter(({ entryType }) => /^(navigation|resource)$/.test(entryType))
    .map(({ name, transferSize }) => ({ url: name, bytes: transferSize }))`);
}
