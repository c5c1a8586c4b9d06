import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { chinesePhone, english, englishPhone, type Scene, type Setting } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 366 * DAY_MS;
const PATIENT = "Alwen Sampleton";
const DOCTOR = "Dr. Brisa Placeholm";
const stage = useStage();

const notice = (page: Page) =>
  page.getByRole("alert").filter({ hasText: /The clock of this device seems to be wrong|这台设备的时钟似乎不准/ });

/** Presses the notice's button, unless the page has asked the node by itself meanwhile and the notice is gone. */
async function askAgain(page: Page): Promise<void> {
  const gone = notice(page).first().waitFor({ state: "detached" });
  await Promise.race([notice(page).getByRole("button").click(), gone]);
  await gone;
}

/** Puts the clock of a device ahead of the true time, or behind it. */
async function setAhead({ page }: Scene, aheadMs: number): Promise<void> {
  await page.clock.setSystemTime(Date.now() + aheadMs);
}

/** Transactions that a page sends from now on. */
function sentBy(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && /\/v1\/transactions/.test(request.url())) sent.push(request.url());
  });
  return sent;
}

async function proofOfRecord(): Promise<{ readonly file: string; readonly id: string }> {
  const [first] = await answer<readonly { objectId: string }[]>(stage, "records", "list", "--as", PATIENT);
  const file = join(stage.folder, "proof.json");
  await answer(stage, "verify", first!.objectId, "--save", file);
  return { file, id: first!.objectId };
}

/** What a notice does with presses when it begins to come, on the way, and when it has come. */
const PRESSES = `(() => {
  const notice = [...document.querySelectorAll("[role=alert]")].at(-1);
  notice.style.animation = "none";
  notice.getBoundingClientRect();
  notice.style.animation = "";
  const [coming] = notice.getAnimations();
  coming.pause();
  const takes = () => getComputedStyle(notice).pointerEvents;
  const told = [takes()];
  coming.currentTime = 300;
  told.push(takes());
  coming.finish();
  return [...told, takes()];
})()`;

stories("a clock that is wrong", () => {
  it("is named over the page without taking the press that is under way there", async () => {
    const scene = await stage.open(englishPhone);
    await setAhead(scene, HOUR_MS);
    await scene.become(PATIENT);
    await notice(scene.page).last().waitFor();
    expect(await scene.page.evaluate(PRESSES)).toEqual(["none", "none", "auto"]);
  });

  it.each<readonly [string, number, Setting]>([
    ["a minute behind", -60_000, english],
    ["an hour ahead", HOUR_MS, englishPhone],
    ["an hour behind", -HOUR_MS, chinesePhone],
    ["a day ahead", DAY_MS, chinesePhone],
    ["a day behind", -DAY_MS, english],
    ["a year ahead", YEAR_MS, english],
    ["a year behind", -YEAR_MS, englishPhone],
  ])("(%s) is named, signs nothing, and once set right gives what was meant", async (_, aheadMs, setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    const sent = sentBy(page);
    await setAhead(scene, aheadMs);
    await scene.become(PATIENT);
    await notice(page).first().waitFor();
    await look(`clock${aheadMs < 0 ? "-behind" : "-ahead"}`);
    await page.goto("/wallet/access/new");
    await page.getByRole("main").getByRole("combobox").first().fill(DOCTOR);
    await page.getByRole("main").locator("input[type=radio][value=everything]").check();
    const give = page.getByRole("main").locator("button[type=submit]");
    await expect.poll(() => give.isEnabled()).toBe(true);
    await give.click();
    await notice(page)
      .nth(1)
      .or(page.getByRole("main").getByText(/The clock of this device|这台设备的时钟|This device says|设备显示/))
      .first()
      .waitFor();
    await look(`clock-no-grant${aheadMs < 0 ? "-behind" : "-ahead"}`);
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(sent).toEqual([]);

    await setAhead(scene, 0);
    await askAgain(page);
    await give.click();
    await scene.sign();
    await page.waitForURL("**/wallet/access");
    const end = page.getByRole("button", { name: new RegExp(`(End access|终止授权|结束授权).*${DOCTOR.replace(".", "\\.")}`) });
    await end.click();
    await scene.sign();
    await end.waitFor({ state: "detached" });
    scene.expectClean();
  });

  it.each([english, englishPhone])("is told of late, and nothing moves from under a finger ($device)", async (setting) => {
    const scene = await stage.open({ ...setting, worker: "block" });
    const { page } = scene;
    const { promise: late, resolve: comes } = Promise.withResolvers<void>();
    await page.route(/\/assets\/clock-notice-.*\.js$/, async (route) => {
      await late;
      await route.continue();
    });
    await setAhead(scene, HOUR_MS);
    await scene.become(PATIENT);
    await page.goto("/wallet/access/new");
    const button = page.getByRole("button", { name: "Scan a code" });
    await button.waitFor();
    await page.evaluate("document.fonts.ready");
    const before = await button.boundingBox();
    comes();
    await notice(page).waitFor();
    expect(await button.boundingBox()).toEqual(before);
    // Nor does it cover the end of the page for good.
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    const end = (await page.getByRole("main").locator("button[type=submit]").boundingBox())!;
    expect(end.y + end.height).toBeLessThan((await notice(page).boundingBox())!.y);
    scene.expectClean();
  });

  const clockIsWrong = "The clock of this device seems to be wrong";
  it.each([
    // A file speaks of the past, and by this clock the founders, whom a device trusts from when it met them, were met just now.
    ["a year ahead", YEAR_MS, "This holds"],
    ["a year behind", -YEAR_MS, clockIsWrong],
    ["an hour behind", -HOUR_MS, clockIsWrong],
  ] as const)("(%s) makes no honest proof a false one on the check page", async (_, aheadMs, saidOfFile) => {
    const { file, id } = await proofOfRecord();
    const scene = await stage.open(english);
    const { page, look } = scene;
    await setAhead(scene, aheadMs);
    await page.goto(`/check#${id}`);
    await notice(page).first().waitFor();
    await page.getByRole("status").getByRole("heading", { name: clockIsWrong }).waitFor();
    await page.getByRole("status").getByText("This device says").waitFor();
    await look("clock-check");
    await page.getByRole("button", { name: "Check something else" }).click();
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("status").getByRole("heading", { name: saidOfFile }).waitFor();
    expect(await page.getByText("This does not hold").count()).toBe(0);

    await setAhead(scene, 0);
    await askAgain(page);
    await page.getByRole("button", { name: "Check something else" }).click();
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("heading", { name: "This holds" }).waitFor();
    scene.expectClean();
  });
});
