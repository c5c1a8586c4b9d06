import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { PASSPHRASE } from "./web/command-line.ts";
import { keptTexts } from "./web/kept-texts.ts";
import { serveNextVersion } from "./web/next-version.ts";
import { english, englishPhone, type Scene } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const DOCTOR = "Dr. Alwen Demowright";
const stage = useStage();

/** Brings the wallet of somebody of the town into this browser, under a passphrase. */
async function restore({ page }: Scene, name: string): Promise<void> {
  const { words } = await stage.townPerson(name);
  await page.goto("/keys/restore");
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("The 24 words").fill(words);
  await page.getByRole("button", { name: "Go on" }).click();
  // The lock comes when the ledger has said which account the words open.
  await page.locator("input[type=password]").first().waitFor();
  for (const field of await page.locator("input[type=password]").all()) await field.fill(PASSPHRASE);
  await page.getByRole("button", { name: "Lock with this passphrase" }).click();
  await page.getByRole("heading", { name: "Your records" }).waitFor();
}

/** Opens the wallet that this browser keeps in a tab. */
async function unlock(page: Page): Promise<void> {
  await page.goto("/");
  await giveUnlockPassphrase(page);
  await page.getByRole("heading", { name: "Your records" }).waitFor();
}

async function giveUnlockPassphrase(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Unlock" }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/^Passphrase of/)
    .fill(PASSPHRASE);
  await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
}

/** Looks at what an access would be, up to the question of the sheet. */
async function lookAt(page: Page, to: string): Promise<void> {
  await page.getByRole("link", { name: "Access" }).click();
  await page.getByRole("link", { name: "Give access" }).click();
  await page.getByRole("combobox", { name: "Who may read" }).fill(to);
  await page.locator("input[type=radio][value=everything]").check();
  await page.getByRole("button", { name: "Look at it and sign" }).click();
  await signButton(page).waitFor();
}

const signButton = (page: Page) => page.getByRole("dialog").getByRole("button", { name: "Sign and send" });

async function give(page: Page, to: string): Promise<void> {
  await lookAt(page, to);
  await signButton(page).click();
  await page.getByRole("heading", { name: "Open now" }).waitFor();
}

const menu = (page: Page) => page.getByRole("button", { name: /^Menu of/ });

async function lock(page: Page): Promise<void> {
  await menu(page).click();
  await page.getByRole("menuitem", { name: "Lock" }).click();
}

const endOf = (page: Page, name: string) => page.getByRole("button", { name: `End access: ${name}` });

stories("two tabs of one wallet", () => {
  it("see what the other did, end an access once, and lock together", async () => {
    const scene = await stage.open(english);
    const { page: first, context } = scene;
    await restore(scene, "Corvin Mockridge");
    const second = await context.newPage();
    await unlock(second);
    await second.getByRole("link", { name: "Access" }).click();
    await second.getByRole("link", { name: "Give access" }).waitFor();
    expect(await endOf(second, DOCTOR).count()).toBe(0);

    await give(first, DOCTOR);
    await endOf(second, DOCTOR).waitFor();
    // Both want to end it. One does; the other is told, and nothing is done twice.
    await Promise.all([endOf(first, DOCTOR).click(), endOf(second, DOCTOR).click()]);
    const [here, there] = [first, second].map(signButton);
    await Promise.all([here!.waitFor(), there!.waitFor()]);
    await here!.click();
    await endOf(first, DOCTOR).waitFor({ state: "detached" });
    await there!.click();
    await second.getByText("This access had been ended before.").or(second.getByText("ended early").first()).first().waitFor();
    await endOf(second, DOCTOR).waitFor({ state: "detached" });
    for (const page of [first, second]) expect(await page.getByText("ended early").count()).toBe(1);

    await lock(second);
    await second.getByRole("button", { name: "Unlock" }).waitFor();
    await first.getByText("Locked in another tab").waitFor();
    await first.getByRole("button", { name: "Unlock" }).waitFor();
    expect(await first.getByRole("heading", { name: "Open now" }).count()).toBe(0);
    // What was said to its owner goes with the wallet.
    expect(await first.getByRole("alert").getByText(DOCTOR, { exact: false }).count()).toBe(0);

    // What a link carries arrives as it was given, also where the wallet must be unlocked first.
    const name = "Dr. Thistle & Daughters";
    await first.goto(`/wallet/access/new#to=${"ab".repeat(32)}&name=${encodeURIComponent(name)}`);
    await giveUnlockPassphrase(first);
    const who = first.getByRole("combobox", { name: "Who may read" });
    await who.waitFor();
    expect(await who.inputValue()).toBe(name);
    scene.expectClean();
  });

  it("sign nothing with keys that the other has locked", async () => {
    const scene = await stage.open({ ...english, worker: "block" });
    // The one that was there first has never seen the start page.
    const { page: second, context } = scene;
    await restore(scene, "Brisa Testerly");
    const first = await context.newPage();
    await unlock(first);
    const sent: string[] = [];
    first.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/v1/transactions")) sent.push(request.url());
    });
    await lookAt(first, DOCTOR);
    // No wallet stays open for as long as another page's code is under way.
    const slow = Promise.withResolvers<void>();
    await menu(second).click();
    const locking = second.getByRole("menuitem", { name: "Lock" });
    await locking.waitFor();
    await second.route("**/assets/**", (route) => slow.promise.then(() => route.continue()));
    await locking.click();
    await first.getByText("Locked in another tab").waitFor();
    slow.resolve();
    await second.getByRole("button", { name: "Unlock" }).waitFor();
    expect(new URL(second.url()).search).toBe("");
    await signButton(first).waitFor({ state: "detached" });
    await first.getByRole("button", { name: "Unlock" }).waitFor();

    // Nor is the question there again for whoever unlocks.
    await unlock(first);
    expect(await signButton(first).count()).toBe(0);
    await lookAt(first, DOCTOR);
    expect(sent).toEqual([]);
    await signButton(first).click();
    await first.getByRole("heading", { name: "Open now" }).waitFor();
    expect(sent).toHaveLength(1);
    scene.expectClean();
  });

  it("forget together, and keep nothing of what was open", async () => {
    const scene = await stage.open(englishPhone);
    const { page: first, context, look } = scene;
    await restore(scene, "Alwen Sampleton");
    await first.getByText("Hypertensive disorder", { exact: true }).waitFor();
    const { account } = await stage.townPerson("Alwen Sampleton");
    expect(await keptTexts(first)).toContain(account);
    const second = await context.newPage();
    await second.goto("/");
    await second.getByRole("button", { name: "Remove" }).first().click();
    await second.getByRole("dialog").getByRole("button", { name: "Remove" }).first().click();
    await first.getByText("Removed in another tab").waitFor();
    await first.waitForURL((url) => url.pathname === "/");
    await look("tabs-forgotten");
    expect(await first.getByText("Hypertensive disorder", { exact: true }).count()).toBe(0);
    expect(await keptTexts(first)).not.toContain(account);
    scene.expectClean();
  });

  it("let a newer version of the app at what this browser keeps", async () => {
    const scene = await stage.open(english);
    const { page: first, context } = scene;
    await restore(scene, "Brisa Testerly");
    const second = await context.newPage();
    await second.goto("/check");
    const version = await second.evaluate<number>(`new Promise((resolve, reject) => {
      const request = indexedDB.open("galen", 2);
      request.onsuccess = () => { resolve(request.result.version); request.result.close(); };
      request.onerror = () => reject(request.error);
      request.onblocked = () => resolve(-1);
    })`);
    expect(version).toBe(2);
    await first.getByRole("heading", { name: "Your records" }).waitFor();
  });

  it("change to a new version each when its user says so, and go on until then", async () => {
    const next = await serveNextVersion(stage.network.url);
    const context = await stage.browser.newContext({ baseURL: next.url, locale: "en", reducedMotion: "reduce" });
    const [first, second] = [await context.newPage(), await context.newPage()];
    await first.goto("/check");
    await first.evaluate("navigator.serviceWorker.ready");
    await first.reload();
    await second.goto("/check");
    await second.getByLabel("Proof or id").fill("what I was about to check");

    next.bringOut();
    await first.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())");
    for (const page of [first, second]) await page.getByText("A new version is ready").waitFor();
    const reloaded = first.waitForEvent("domcontentloaded");
    await first.getByRole("button", { name: "Change now" }).click();
    await reloaded;
    await second.getByText("Another tab has changed to a new version").waitFor();
    expect(await second.getByLabel("Proof or id").inputValue()).toBe("what I was about to check");
    await second.getByRole("link", { name: "Explorer" }).click();
    await second.getByRole("main").getByRole("listitem").first().waitFor();
    await second.getByRole("button", { name: "Change now" }).click();
    await second.getByText("Another tab has changed to a new version").waitFor({ state: "detached" });
    await context.close();
    await next.close();
  });
});
