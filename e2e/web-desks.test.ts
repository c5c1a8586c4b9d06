import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generatePatientBundle } from "../packages/cli/src/town/synthetic-patients/generate-patient-bundle.ts";
import { findChromium } from "./web/chromium.ts";
import { answer } from "./web/command-line.ts";
import { openStage, type Scene, type Setting, type Stage } from "./web/stage.ts";

const TIMEOUT_MS = 240_000;
const SCRIPT = "<img src=x onerror=alert(1)>";
const chromium = findChromium();
let stage: Stage;

beforeAll(async () => {
  if (chromium) stage = await openStage(chromium);
}, TIMEOUT_MS);
afterAll(() => stage?.close());

/** Takes the place of somebody by typing the name on the start page. */
async function become({ page }: Scene, name: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("combobox").fill(name);
  await page.getByRole("option").first().click();
  await page.waitForURL((url) => url.pathname !== "/");
}

const submit = (page: Page) => page.getByRole("main").locator("button[type=submit]").click();
/** The yes of the sheet that shows the act, in any language. */
const sign = (page: Page) => page.getByRole("dialog").locator("button[data-autofocus]").click();

const desktop: Setting = { device: "desktop", language: "en", light: "light" };
const phone: Setting = { device: "phone", language: "zh-CN", light: "dark" };
/** A story takes a while: GALEN_EVERY_SETTING=1 tells each in both, otherwise half of them is told on a phone. */
const settingsOf = (usual: Setting) => (process.env.GALEN_EVERY_SETTING ? [desktop, phone] : [usual]);

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

/** What a house hands in: a bundle of a known patient, two of the same stranger, two that are broken, and something else. */
async function handIn(folder: string): Promise<void> {
  await mkdir(folder);
  const write = (name: string, content: unknown) => writeFile(join(folder, name), JSON.stringify(content));
  const stranger = generatePatientBundle({ seed: "another town", index: 150 });
  await write("known.json", generatePatientBundle({ seed: "another town", index: 13 }));
  await write("stranger.json", stranger);
  await write("stranger-again.json", stranger);
  await write("two-patients.json", { resourceType: "Bundle", type: "collection", entry: [1, 2].map(patientEntry) });
  await writeFile(join(folder, "twice.json"), '{"resourceType": "Bundle",\n "type": "batch", "type": "batch"}');
  await writeFile(join(folder, "read-me.txt"), "no bundle");
}

const patientEntry = (number: number) => ({ resource: { resourceType: "Patient", id: String(number) } });

describe.runIf(chromium)("a hospital desk", { timeout: TIMEOUT_MS }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "galen-web-desks-"));
    await handIn(join(folder, "bundles"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(settingsOf(phone))("files what was checked for whom somebody named, once ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && /\/v1\/(blobs|transactions)/.test(request.url())) sent.push(request.url());
    });
    await become(scene, "Sampleton General Hospital");
    await page.locator("input[type=file]").first().waitFor({ state: "attached" });
    await look("hospital");
    await page.locator("input[type=file]").last().setInputFiles(join(folder, "bundles"));
    await page.getByText("json/DuplicateKey").waitFor();
    await page.getByText("fhir/SeveralPatients").waitFor();
    await page.getByText(/\$\.type/).waitFor();
    expect(await page.getByText(/read-me/).count()).toBe(0);
    const seal = page.getByRole("main").locator("button[data-size=lg]");
    expect(await seal.isDisabled()).toBe(true);
    await page.locator("summary").first().click();
    await look("hospital-checked");

    // Of the stranger nobody says who it is.
    await page.getByRole("button", { name: new RegExp(`(Leave out|不归档): ${await strangerName(page)}`) }).click();
    await page.getByRole("button", { name: /Nesrin Sampleton.*…/ }).click();
    await page
      .getByText(/Sampleton General Hospital/)
      .last()
      .waitFor();
    await look("hospital-sealing");
    expect(sent).toEqual([]);
    await seal.click();
    await page.getByRole("main").getByRole("status").getByRole("button").waitFor();
    await look("hospital-filed");

    await page.getByRole("main").getByRole("status").getByRole("button").click();
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles(join(folder, "bundles", "known.json"));
    await page.getByRole("button", { name: /Nesrin Sampleton.*…/ }).click();
    await seal.click();
    await page.getByText(/9 of them were there before|其中 9 份之前已在档/).waitFor();
    scene.expectClean();
  });

  it.each(settingsOf(desktop))("knows its people, their roles and licences, and changes them ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await become(scene, "Sampleton General Hospital");
    await page.goto("/hospital/people");
    await page.getByText(/^(suspended|已暂停)$/).waitFor();
    await look("people");
    const nurse = page
      .getByRole("main")
      .getByRole("listitem")
      .filter({ hasText: /^(?!.*Dr\.)/ })
      .filter({ has: page.getByRole("button") })
      .first();
    await nurse.getByRole("button").click();
    await nurse.locator("label").nth(4).click();
    await look("roles");
    await nurse.locator("button[type=submit]").click();
    await page
      .getByRole("dialog")
      .getByText(/Sampleton General Hospital/)
      .first()
      .waitFor();
    await look("roles-signing");
    await sign(page);
    await nurse.locator("form").waitFor({ state: "detached" });
    await nurse.getByText(/^(member|成员)$/).waitFor();
    scene.expectClean();
  });
});

/** The second patient of the plan, as its card says. */
async function strangerName(page: Page): Promise<string> {
  const names = await page.getByRole("main").locator("li strong").allTextContents();
  return names.find((name) => !name.endsWith(".json") && name !== "Nesrin Sampleton")!;
}
