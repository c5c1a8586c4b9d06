import { inParallel } from "@galen/sdk/client/in-parallel";
import { grantsTo } from "@galen/sdk/records/known-grants";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { logRequests, vaultRequest } from "@galen/sdk/records/release-objects";
import { knownObjects } from "@galen/sdk/records/sealed-object";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { english, englishPhone } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";
import { townAccount, trustingClient } from "./web/town-account.ts";

const ENTRIES = 10_000;
/** Every entry is proven twice, by its place in the log and by what it says. */
const TIMEOUT_MS = 900_000;
/** Requests in one transaction. */
const AT_ONCE = 80;
/** Three heights of the window, in parts of fifty. */
const MAX_ROWS = 250;
const PATIENT = "Alwen Sampleton";
const DOCTOR = "Dr. Alwen Demowright";
const stage = useStage();

/** A doctor with access asks for one document again and again. */
async function askOften(count: number): Promise<void> {
  const [as, { account: owner }] = await Promise.all([townAccount(stage, DOCTOR), stage.townPerson(PATIENT)]);
  const client = await trustingClient(stage);
  const grant = (await grantsTo(client, as)).find((one) => one.owner === owner)!;
  const [newest] = await documentsOf(client, owner);
  const known = await knownObjects(client, [newest!.objectId]);
  const asking = vaultRequest({ purpose: "TREAT", grantId: grant.grantId });
  const turns = Array.from({ length: count / AT_ONCE }, (_, turn) => turn);
  await inParallel(turns, 4, () =>
    logRequests(
      client,
      Array.from({ length: AT_ONCE }, () => known),
      { as, asking },
    ),
  );
}

const rows = (page: Page) => page.getByRole("main").getByRole("listitem");

/** Scrolls down by windows until the element is there, and gives the most rows that the document held on the way. */
async function scrollTo(page: Page, text: RegExp): Promise<number> {
  let most = 0;
  const wanted = page.getByText(text);
  while ((await wanted.count()) === 0) {
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    most = Math.max(most, await rows(page).count());
    await page.waitForTimeout(50);
  }
  await wanted.first().scrollIntoViewIfNeeded();
  return most;
}

stories("ten thousand entries", () => {
  it("of a log are proven, scrolled through to the first, and light", { timeout: TIMEOUT_MS }, async () => {
    await askOften(ENTRIES);
    // Without the offline shell, so that the story can stand between page and node.
    const scene = await stage.open({ ...englishPhone, worker: "block" });
    const { page } = scene;
    await scene.become(PATIENT);
    await page.goto("/wallet/log");
    await page.getByText(DOCTOR).first().waitFor();
    // A connection that is lost is no end of the log.
    await page.route("**/v1/state/proofs", (route) => route.abort());
    await scrollTo(page, /^Try again$/);
    await page.unroute("**/v1/state/proofs");
    await page.getByRole("button", { name: "Try again" }).click();
    // The oldest of the town's own entries, from before the ten thousand.
    const most = await scrollTo(page, /the licence is suspended/);
    expect(most).toBeGreaterThan(50);
    expect(most).toBeLessThan(MAX_ROWS);
    expect(await rows(page).count()).toBeLessThan(MAX_ROWS);
    // Who reads meanwhile comes first, and the page stays where it is.
    const asked = page.waitForResponse((response) => response.url().endsWith("/v1/state/proofs"));
    await askOften(AT_ONCE);
    await asked;
    await page.waitForTimeout(1_000);
    expect(await page.getByText(/the licence is suspended/).count()).toBe(1);
    await page.evaluate("scrollTo(0, 0)");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByText(DOCTOR).first().waitFor();
    expect(await rows(page).count()).toBeLessThan(MAX_ROWS);
    scene.expectClean();
  });

  it("of the network are counted and listed for the auditor, and light", async () => {
    const scene = await stage.open(english);
    const { page } = scene;
    await scene.become((await stage.townPerson("auditor")).name);
    await page.getByRole("heading", { name: "The latest" }).waitFor();
    await page
      .getByText(/^10,0\d\d$/)
      .first()
      .waitFor();
    expect(await rows(page).count()).toBeLessThan(MAX_ROWS);
    await scrollTo(page, /the licence is suspended/);
    expect(await rows(page).count()).toBeLessThan(MAX_ROWS);
    scene.expectClean();
  });
});
