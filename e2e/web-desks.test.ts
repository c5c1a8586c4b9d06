import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "./web/chromium.ts";
import { answer } from "./web/command-line.ts";
import { openStage, type Stage } from "./web/stage.ts";
import { become, desktop, phone, settingsOf, sign, submit } from "./web/steps.ts";

const TIMEOUT_MS = 240_000;
const SCRIPT = "<img src=x onerror=alert(1)>";
const chromium = findChromium();
let stage: Stage;

beforeAll(async () => {
  if (chromium) stage = await openStage(chromium);
}, TIMEOUT_MS);
afterAll(() => stage?.close());

describe.runIf(chromium)("a clinician", { timeout: TIMEOUT_MS }, () => {
  it.each(settingsOf(desktop))(
    "opens a record for a purpose, writes a note, and is refused in words ($device, $language)",
    async (setting) => {
      const scene = await stage.open(setting);
      const { page, look } = scene;
      await become(scene, "Dr. Alwen Demowright");
      await page.getByRole("link", { name: /Alwen Sampleton/ }).waitFor();
      await look("patients");
      await page.getByRole("link", { name: /Alwen Sampleton/ }).click();
      await page.getByRole("radio").first().waitFor();
      await look("purpose");
      await submit(page);
      await page.getByRole("dialog").getByText("Sampleton", { exact: false }).first().waitFor();
      await look("read-signing");
      await sign(page);
      await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
      await look("patient-record");

      const title = `Telephone call ${setting.device} ${SCRIPT}`;
      await page.locator("a[href$='/note']").click();
      await page.getByRole("textbox").first().fill(title);
      await page.getByRole("textbox").last().fill("Feels better.\n血压 128/82.");
      await look("note-form");
      await submit(page);
      await page.getByRole("dialog").getByText("Sampleton General Hospital").waitFor();
      await look("note-signing");
      await sign(page);
      await page.getByRole("link", { name: title }).click();
      await page.getByText("血压 128/82.").waitFor();
      await look("note");

      const patient = await stage.open(setting);
      await become(patient, "Alwen Sampleton");
      await patient.page.getByRole("link", { name: title }).click();
      await patient.page.getByText("血压 128/82.").waitFor();
      patient.expectClean();

      await page.goto("/clinician");
      await page.getByRole("link", { name: /Corvin Mockridge/ }).click();
      await page.getByRole("radio").first().waitFor();
      await submit(page);
      await sign(page);
      await page.getByRole("alert").waitFor();
      await look("refused");
      await page.locator("a[href*='/emergency#to=']").click();
      await page.getByRole("textbox").last().waitFor();
      scene.expectClean();
    },
  );

  it.each(settingsOf(phone))("reads in an emergency where the patient lets it ($device, $language)", async (setting) => {
    await answer(stage, "emergency", "allow", "--everything", "--as", "Marwen Trialby");
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await become(scene, "Dr. Alwen Demowright");
    await page.goto("/clinician/emergency");
    await page.getByRole("combobox").fill("Marwen Trialby");
    await page.getByRole("textbox").last().fill("short");
    await submit(page);
    await page.getByText(/10/).last().waitFor();
    await page.getByRole("textbox").last().fill("Unconscious, brought in after a fall, medication unknown.");
    await look("emergency");
    await submit(page);
    await page.getByRole("dialog").waitFor();
    await look("emergency-signing");
    await sign(page);
    await page.getByRole("blockquote").waitFor();
    await look("emergency-record");
    const saving = page.waitForEvent("download");
    await page.getByRole("blockquote").locator("..").getByRole("button").click();
    expect((await saving).suggestedFilename()).toBe("galen-emergency-reason.json");
    scene.expectClean();
  });
});
