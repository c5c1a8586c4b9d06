import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actorOf, openSession } from "@galen/cli/session";
import { nameOf } from "@galen/cli/wallet/look-up";
import { nativeCrypto } from "@galen/node/crypto/native";
import { createProofFile } from "@galen/sdk/proofs/proof-file";
import { verifySubject } from "@galen/sdk/proofs/verify-subject";
import { grantAccess } from "@galen/sdk/records/grants";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { readGranted } from "@galen/sdk/records/read-granted";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { encode } from "uqr";
import { startGalen } from "../e2e/galen-process.ts";
import { findChromium } from "../e2e/web/chromium.ts";
import { interactions, largestPaintMs, OBSERVE, phoneProfile, throttle } from "../e2e/web/phone.ts";
import { type Figure, quantile } from "./measure.ts";

/*
 * The web app on a phone of the middle class: Chromium with the mobile network and the processor of `phoneProfile`, against a node with the sample town.
 * Each figure is the median of some visits, each in a browser of its own.
 */
const RUNS = 5;
const LARGEST_PAINT_GOAL_MS = 1_500;
const INTERACTION_GOAL_MS = 100;
/** Without a network; where the proof has to be asked for, one round of requests comes on top. */
const VERDICT_GOAL_MS = 300;
const NOTICE_GOAL_MS = 1_000;
/** After the title nothing larger comes later. */
const SETTLED_MS = 3_000;
const PATIENT = /Alwen Sampleton/;
const READER = "Dr. Alwen Demowright";

/** From the choice of a picture to the paint after the verdict, as text: this file is type-checked without a browser's names. */
const OBSERVE_VERDICT = `
  let chosenAt = 0;
  addEventListener("change", () => { chosenAt = performance.now(); }, true);
  new MutationObserver(() => {
    if (globalThis.galenVerdictMs !== undefined || !document.querySelector("main [role=status] h2")) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { globalThis.galenVerdictMs ??= performance.now() - chosenAt; }));
  }).observe(document, { childList: true, subtree: true });
`;

/** Looks seldom: whoever waits in the page itself takes of its processor. */
const VERDICT_MS = `new Promise((resolve) => {
  const look = () => globalThis.galenVerdictMs === undefined ? setTimeout(look, 100) : resolve(galenVerdictMs);
  look();
})`;

/** When the paint after the first notification of a reading was, by the clock of this machine. */
const OBSERVE_NOTICE = `
  new MutationObserver(() => {
    const isTold = [...document.querySelectorAll("[role=alert]")].some(({ textContent }) => textContent.includes("has just read"));
    if (globalThis.galenNoticedAt !== undefined || !isTold) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { globalThis.galenNoticedAt ??= Date.now(); }));
  }).observe(document, { childList: true, subtree: true, characterData: true });
`;

const NOTICED_AT = `new Promise((resolve) => {
  const look = () => globalThis.galenNoticedAt === undefined ? requestAnimationFrame(look) : resolve(galenNoticedAt);
  look();
})`;

const executablePath = findChromium();
if (!executablePath) {
  process.stderr.write("not measured: there is no Chromium\n");
  console.log("[]");
  process.exit();
}
const folder = await mkdtemp(join(tmpdir(), "galen-bench-web-"));
const network = await startGalen(join(folder, "data"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });
try {
  console.log(
    JSON.stringify([
      await figure("largest paint of the start page, first visit", LARGEST_PAINT_GOAL_MS, firstVisit("/")),
      await figure("largest paint of the public check, first visit", LARGEST_PAINT_GOAL_MS, firstVisit("/check")),
      await figure("largest paint of the wallet, app kept", LARGEST_PAINT_GOAL_MS, keptWallet),
      await figure("slowest press in the wallet, to the next paint", INTERACTION_GOAL_MS, presses),
      await figure(
        "public check, picture of a code to verdict, one request",
        VERDICT_GOAL_MS + phoneProfile.network.latency,
        codeToVerdict,
      ),
      await figure("public check, proof file to verdict, without a network", VERDICT_GOAL_MS, proofToVerdict),
      await figure("reading of a record, from its signature to the owner's notification", NOTICE_GOAL_MS, readToNotice),
    ] satisfies Figure[]),
  );
} finally {
  await browser.close();
  await network.kill();
  await rm(folder, { recursive: true, force: true });
}

type Visit = (context: BrowserContext) => Promise<number>;

async function figure(name: string, goalMs: number, visit: Visit): Promise<Figure> {
  const times: number[] = [];
  while (times.length < RUNS) times.push(await inNewBrowser(browser, visit));
  const value = quantile(times, 0.5);
  const note = `phone: ${phoneProfile.network.latency} ms per request, 8 Mbit/s, processor ${phoneProfile.slowdown} times slower`;
  return { name, value, unit: "ms", goal: `${goalMs} ms`, met: value < goalMs, note };
}

async function inNewBrowser(of: Browser, visit: Visit): Promise<number> {
  const context = await of.newContext({
    baseURL: network.url,
    viewport: phoneProfile.viewport,
    isMobile: true,
    hasTouch: true,
    locale: "en",
  });
  try {
    await context.addInitScript(OBSERVE);
    return await visit(context);
  } finally {
    await context.close();
  }
}

function firstVisit(path: string): Visit {
  return async (context) => {
    const page = await slowPage(context);
    await page.goto(path);
    return settledPaint(page);
  };
}

/** As somebody comes back: the app's files are on the phone, the records are not. */
async function keptWallet(context: BrowserContext): Promise<number> {
  const account = await enterTown(context);
  const page = await slowPage(context);
  await page.addInitScript((person) => sessionStorage.setItem("galen.person", person), account);
  await page.goto("/wallet");
  await page.getByRole("heading", { name: "Medication" }).waitFor();
  return settledPaint(page);
}

async function presses(context: BrowserContext): Promise<number> {
  const account = await enterTown(context);
  const page = await slowPage(context);
  await page.addInitScript((person) => sessionStorage.setItem("galen.person", person), account);
  await page.goto("/wallet");
  await page.getByRole("heading", { name: "Medication" }).waitFor();
  for (const radio of (await page.getByRole("radio").all()).toReversed()) await radio.check();
  await page.getByRole("link", { name: "Access" }).click();
  await page.getByRole("heading", { level: 2 }).first().waitFor();
  await page.getByRole("link", { name: "Who looked" }).click();
  await page.getByRole("heading", { level: 1, name: "Who looked" }).waitFor();
  await page.getByRole("button", { name: /^Menu of/ }).click();
  await page.getByRole("menu").waitFor();
  return Math.max(0, ...(await interactions(page)));
}

/** Somebody stands before a code with the page open; the camera is refused, as a picture takes the same way. */
async function codeToVerdict(context: BrowserContext): Promise<number> {
  const picture = join(folder, "code.png");
  await drawCode(await context.newPage(), { text: `${network.url}/check#${await someAccount()}`, path: picture });
  const page = await slowPage(context);
  await page.addInitScript(OBSERVE_VERDICT);
  await page.goto("/check");
  await page.getByRole("button", { name: "Scan a code" }).click();
  await page.getByText("The camera cannot be used.").waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await page.getByRole("dialog").locator("input[type=file]").setInputFiles(picture);
  const verdictMs = await page.evaluate<number>(VERDICT_MS);
  await page.getByRole("heading", { name: "This holds" }).waitFor();
  return verdictMs;
}

/** Somebody has a proof in the hand, and no network any more. */
async function proofToVerdict(context: BrowserContext): Promise<number> {
  const file = join(folder, "proof.json");
  const session = await openSession({ url: network.url, wallet: join(folder, "data", "wallet") });
  const { proofs } = await verifySubject(session.client, await someAccount());
  await writeFile(file, createProofFile(proofs, nativeCrypto));
  const page = await slowPage(context);
  await page.addInitScript(OBSERVE_VERDICT);
  await page.goto("/check");
  await page.getByRole("button", { name: "Check" }).waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await context.setOffline(true);
  await page.getByRole("main").locator("input[type=file]").setInputFiles(file);
  const verdictMs = await page.evaluate<number>(VERDICT_MS);
  await page.getByRole("heading", { name: "This holds" }).waitFor();
  return verdictMs;
}

/** Somebody reads while the owner's wallet is open on the phone. */
async function readToNotice(context: BrowserContext): Promise<number> {
  const account = await enterTown(context);
  const page = await slowPage(context);
  await page.addInitScript((person) => sessionStorage.setItem("galen.person", person), account);
  await page.addInitScript(OBSERVE_NOTICE);
  const listening = page.waitForResponse(/\/v1\/events\?topics=releases/);
  await page.goto("/wallet");
  await listening;
  await page.waitForTimeout(SETTLED_MS);
  const signedAt = await readOneDocument(account);
  return (await page.evaluate<number>(NOTICED_AT)) - signedAt;
}

/** A clinician reads the owner's newest document under a grant. Gives when the request was signed, milliseconds since 1970. */
async function readOneDocument(owner: string): Promise<number> {
  const session = await openSession({ url: network.url, wallet: join(folder, "data", "wallet") });
  const [patient, reader] = [await actorOf(session, nameOf(session.wallet, owner)), await actorOf(session, READER)];
  const terms = { grantee: { kind: "person", account: reader.account }, covers: { kind: "everything" }, purposes: ["TREAT"] } as const;
  const until = session.client.now() + 3_600_000;
  const { grantId } = await grantAccess(session.client, { as: patient, ...terms, purposes: [...terms.purposes], until });
  const [newest] = await documentsOf(session.client, owner);
  let signedAt = 0;
  const beforeSigning = () => {
    signedAt = Date.now();
  };
  await readGranted(session.client, { as: reader, objectIds: [newest!.objectId], purpose: "TREAT", grantId, beforeSigning });
  return signedAt;
}

async function slowPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await throttle(page);
  return page;
}

async function settledPaint(page: Page): Promise<number> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForTimeout(SETTLED_MS);
  return largestPaintMs(page);
}

/** Takes the place of the town's patient, with the app kept for the next visit. Gives the patient's account. */
async function enterTown(context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  await page.goto("/");
  await page.getByRole("button", { name: PATIENT }).click();
  await page.getByRole("heading", { name: "Medication" }).waitFor();
  await page.evaluate("navigator.serviceWorker.ready");
  const account = await page.evaluate<string>('sessionStorage.getItem("galen.person")');
  await page.close();
  return account;
}

async function drawCode(page: Page, { text, path }: { readonly text: string; readonly path: string }): Promise<void> {
  const { data, size } = encode(text, { border: 4 });
  const squares = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `<rect x="${x}" y="${y}" width="1" height="1"/>` : "")))
    .join("");
  await page.setContent(`<svg width="400" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">${squares}</svg>`);
  await page.locator("svg").screenshot({ path });
  await page.close();
}

async function someAccount(): Promise<string> {
  const { people } = (await (await fetch(`${network.url}/sample-town`)).json()) as { people: readonly { account: string }[] };
  return people[0]!.account;
}
