import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { english, englishPhone } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const stage = useStage();

/** What the next key is for. */
const focused = (page: Page): Promise<string> => page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent");

/** Opens a sheet by a button of the page, and comes back from it by keys. */
async function goAndComeBack(page: Page, button: string, ...keys: readonly string[]): Promise<void> {
  await page.getByRole("main").getByRole("button", { name: button }).focus();
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  await expect.poll(() => page.evaluate("document.activeElement.closest('[role=dialog]') !== null")).toBe(true);
  for (const key of keys) await page.keyboard.press(key);
  await sheet.waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe(`BUTTON ${button}`);
}

stories("somebody who goes back in the browser", () => {
  it("has said no to what stood on the sheet", async () => {
    const { page, become, expectClean } = await stage.open(englishPhone);
    await become("Corvin Mockridge");
    await page.getByRole("link", { name: "Settings" }).click();
    await page.locator("a[href='/wallet/emergency']").click();
    await page.getByRole("radio", { name: "Everything" }).check();
    await page.getByRole("button", { name: "Look at it and sign" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sign and send" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.goForward();
    await page.getByRole("radio", { name: "Nothing" }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.getByRole("radio", { name: "Nothing" }).isChecked()).toBe(true);
    expectClean();
  });
});

stories("somebody with a keyboard alone", () => {
  it("stands at the heading of the page to which a link within a page has led, and at no heading of the first one", async () => {
    const { page, become, expectClean } = await stage.open(english);
    await become("Corvin Mockridge");
    await page.goto("/wallet/settings");
    const link = page.getByRole("main").locator("a[href='/wallet/emergency']");
    await link.waitFor();
    // What follows the focus comes when the page has been quiet.
    const isThere = 'performance.getEntriesByType("resource").some(({ name }) => name.includes("/after-quiet-"))';
    await expect.poll(() => page.evaluate(isThere), { timeout: 20_000 }).toBe(true);
    expect(await page.evaluate("document.activeElement === document.body")).toBe(true);
    await link.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/wallet/emergency");
    const heading = await page.getByRole("heading", { level: 1, name: "In an emergency" }).textContent();
    await expect.poll(() => focused(page)).toBe(`H1 ${heading}`);
    expectClean();
  });

  it("is back at the button that opened a sheet when the sheet is gone", async () => {
    const { page, become, expectClean } = await stage.open(english);
    await become("Corvin Mockridge");
    await page.goto("/wallet/emergency");
    await page.getByRole("radio", { name: "Everything" }).check();
    await goAndComeBack(page, "Look at it and sign", "Escape");
    await goAndComeBack(page, "Look at it and sign", "Tab", "Enter");
    await page.goto("/wallet/access/new");
    await goAndComeBack(page, "Scan a code", "Escape");
    await goAndComeBack(page, "Scan a code", "Escape");
    expectClean();
  });
});
