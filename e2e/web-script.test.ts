import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { generatePatientBundle } from "../packages/cli/src/town/synthetic-patients/generate-patient-bundle.ts";
import { chinesePhone, english, type Scene } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

/** Runs where text is taken for a page: the browser then refuses it by the content security policy and says so, which fails the story. */
const SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>";
const HOSPITAL = "Sampleton General Hospital";
const BOARD = "Sampleton Medical Board";
const PATIENT = "Corvin Mockridge";
const stage = useStage();

/** Shows what was typed, and has made no element of it. */
async function expectText(page: Page, text = SCRIPT): Promise<void> {
  await page.getByText(text).first().waitFor();
  expect(await page.locator("img[src=x]").count()).toBe(0);
}

/** A bundle of somebody whom nobody knows, in which every text for people is a program. */
async function writeBundle(file: string): Promise<void> {
  const texts: readonly string[] = ["text", "display", "family", "description", "title", "conclusion"];
  const bundle = generatePatientBundle({ seed: "another town", index: 151 });
  await writeFile(
    file,
    JSON.stringify(bundle, (key, value: unknown) => (typeof value === "string" && texts.includes(key) ? `${SCRIPT} ${value}` : value)),
  );
}

/** The hospital files what it was handed for somebody for whom it opens an account under such a name. */
async function openAccount(
  { page, become, sign, look }: Scene,
  file: string,
): Promise<{ readonly account: string; readonly words: string }> {
  await become(HOSPITAL);
  await page.locator("input[type=file]").first().setInputFiles(file);
  await expectText(page);
  await page.getByRole("button", { name: /^(Open an account|开立账户)/ }).click();
  const sheet = page.getByRole("dialog");
  await sheet.locator("ol li").last().waitFor();
  const words = (await sheet.locator("ol li").allTextContents()).join(" ");
  await sheet.getByRole("textbox").fill(SCRIPT);
  await expectText(page);
  await look("script-account");
  const account = /[0-9a-f]{64}/.exec(await sheet.innerText())![0];
  await sheet.getByRole("checkbox").check();
  await sheet.getByRole("button", { name: /^(Open the account|开立账户)$/ }).click();
  await page.locator("button[data-autofocus]").click();
  await sheet.first().waitFor({ state: "detached" });
  await page.getByRole("main").locator("button[data-size=lg]").click();
  await page.getByRole("dialog").getByText(SCRIPT).first().waitFor();
  await sign();
  await page.getByRole("main").getByRole("status").getByRole("button").waitFor();
  await expectText(page);
  return { account, words };
}

/** Names somebody by the account number. */
async function choose(page: Page, who: string): Promise<void> {
  await page.getByRole("main").getByRole("combobox").first().fill(who);
  await page.keyboard.press("Escape");
}

stories("a program in a text field", () => {
  it.each([english, chinesePhone])(
    "is shown as what was typed, by whoever reads it, and never runs ($device, $language)",
    async (setting) => {
      const house = await stage.open(setting);
      const file = join(stage.folder, `${setting.device}.json`);
      await writeBundle(file);
      const { account } = await openAccount(house, file);

      // As a member, under a name given here.
      const desk = await stage.open(setting);
      await desk.become(HOSPITAL);
      await desk.page.goto("/hospital/people");
      await desk.page.getByRole("button", { name: /Add somebody|添加人员/ }).click();
      await choose(desk.page, SCRIPT);
      await choose(desk.page, account);
      await desk.page.getByRole("textbox", { name: /^(Name|姓名)$/ }).fill(SCRIPT);
      await desk.page.locator("form label", { hasText: /^(clinician|医生)$/ }).click();
      await desk.submit();
      await desk.page.getByRole("dialog").getByText(SCRIPT).first().waitFor();
      await desk.sign();
      await expectText(desk.page);
      await desk.look("script-member");

      // On a credential.
      const board = await stage.open(setting);
      await board.become(BOARD);
      await choose(board.page, account);
      await board.page.getByRole("button", { name: /Issue a credential|颁发资格/ }).click();
      await board.page.getByRole("textbox", { name: /Where or for what|适用的地点/ }).fill(SCRIPT);
      await board.page.getByText(/64/).last().waitFor();
      await board.look("script-credential");

      // In a code, and from then on as a contact: reader, guardian, delegate.
      const patient = await stage.open(setting);
      const { page } = patient;
      await patient.become(PATIENT);
      await page.goto(`/wallet/access/new#${new URLSearchParams({ to: account, name: SCRIPT }).toString()}`);
      await page.locator("input[type=radio][value=everything]").check();
      await expectText(page);
      await patient.submit();
      await page.getByRole("dialog").getByText(SCRIPT).first().waitFor();
      await patient.sign();
      await page.waitForURL("**/wallet/access");
      await expectText(page);
      await patient.look("script-access");
      await page.goto("/wallet/guardians");
      await page.getByRole("button", { name: /^(Choose guardians|选择守护人)$/ }).click();
      await choose(page, SCRIPT);
      await page.getByRole("button", { name: /^(Add|添加)$/ }).click();
      await expectText(page);
      await patient.look("script-guardian");
      await page.goto("/wallet/delegates");
      await choose(page, SCRIPT);
      await patient.submit();
      await page.getByRole("dialog").getByText(SCRIPT).first().waitFor();
      await patient.sign();
      await expectText(page);
      await patient.look("script-delegate");
      for (const scene of [house, desk, board, patient]) scene.expectClean();
    },
  );
});
