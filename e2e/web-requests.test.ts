import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "./web/chromium.ts";
import { answer } from "./web/command-line.ts";
import { openStage, type Scene, type Setting, type Stage } from "./web/stage.ts";

const TIMEOUT_MS = 240_000;
const SCRIPT = "<img src=x onerror=alert(1)>";
const DOCTOR = "Dr. Alwen Demowright";
const PATIENT = "Corvin Mockridge";
const OTHER_PATIENT = "Marwen Trialby";
const CHILD = "Kestra Makebury";
const PARENT = "Liorel Synthern";
const chromium = findChromium();
let stage: Stage;

beforeAll(async () => {
  if (chromium) stage = await openStage(chromium);
}, TIMEOUT_MS);
afterAll(() => stage?.close());

/** Takes the place of somebody by typing the name on the start page, and listens for what happens there. */
async function become({ page }: Scene, name: string): Promise<void> {
  const listening = page.waitForRequest(/\/v1\/events\?topics=releases/);
  await page.goto("/");
  await page.getByRole("combobox").fill(name);
  await page.getByRole("option").first().click();
  await page.waitForURL((url) => url.pathname !== "/");
  await listening;
}

const submit = (page: Page) => page.getByRole("main").locator("button[type=submit]").click();
/** The yes of the sheet that shows the act, in any language. */
const sign = (page: Page) => page.getByRole("dialog").locator("button[data-autofocus]").click();
/** What is said in the corner. */
const corner = (page: Page) => page.getByRole("alert");
const answers = (page: Page) => page.getByRole("main").getByRole("button", { name: /^(Allow|Decline|同意|拒绝)$/ });
const allow = (page: Page) => answers(page).first();
const decline = (page: Page) => answers(page).last();

const desktop: Setting = { device: "desktop", language: "en", light: "light" };
const phone: Setting = { device: "phone", language: "zh-CN", light: "dark" };
/** A story takes a while: GALEN_EVERY_SETTING=1 tells each in both, otherwise half of them is told on a phone. */
const settingsOf = (usual: Setting) => (process.env.GALEN_EVERY_SETTING ? [desktop, phone] : [usual]);

/** Names somebody in the last field for people. */
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("main").getByRole("combobox").last().fill(name);
  await page.getByRole("option", { name }).first().click();
}

/** Opens the form for a patient. */
async function askFor(page: Page, patient: string): Promise<void> {
  await page.goto("/clinician/ask");
  await choose(page, patient);
}

const chooseEverything = (page: Page) => page.getByRole("main").locator("input[type=radio][value=everything]").check();

describe.runIf(chromium)("a request for access", { timeout: TIMEOUT_MS }, () => {
  it.each(settingsOf(desktop))("for areas is told live, answered in one press, and opens ($device, $language)", async (setting) => {
    const [doctor, patient] = [await stage.open(setting), await stage.open({ ...phone, language: setting.language })];
    await become(patient, PATIENT);
    await become(doctor, DOCTOR);
    await askFor(doctor.page, PATIENT);
    const reason = `Cough since Monday ${SCRIPT}`;
    await doctor.page.getByRole("textbox").last().fill(reason);
    await doctor.look("ask-form");
    await submit(doctor.page);
    await doctor.page.getByRole("dialog").getByText(PATIENT, { exact: false }).first().waitFor();
    await doctor.look("ask-signing");
    await sign(doctor.page);
    await doctor.page.waitForURL((url) => url.pathname === "/clinician/requests");
    await doctor.page.locator("summary").first().click();
    await doctor.page.getByText(reason).waitFor();
    await doctor.look("asked");

    await corner(patient.page).getByText(DOCTOR, { exact: false }).waitFor();
    await patient.look("asked-live");
    await corner(patient.page)
      .getByRole("button", { name: /^(Show|查看)$/ })
      .click();
    await patient.page.waitForURL((url) => url.pathname === "/wallet/requests");
    await allow(patient.page).waitFor();
    await patient.look("request");
    await allow(patient.page).click();
    await corner(doctor.page).getByText(PATIENT, { exact: false }).waitFor();
    await doctor.look("answered-live");
    await doctor.page.getByRole("main").locator(`a[href*="/clinician/patients/"]`).first().click();
    await doctor.page.getByRole("radio").first().waitFor();
    await submit(doctor.page);
    await sign(doctor.page);
    await doctor.page.locator("ol li a").first().waitFor();
    await patient.look("answered");
    for (const scene of [doctor, patient]) scene.expectClean();
  });

  it.each(settingsOf(phone))("brings its reason by a link, and is declined, once in two tabs ($device, $language)", async (setting) => {
    const [doctor, patient] = [await stage.open(setting), await stage.open(setting)];
    await become(patient, OTHER_PATIENT);
    await become(doctor, DOCTOR);
    await askFor(doctor.page, OTHER_PATIENT);
    await chooseEverything(doctor.page);
    await doctor.page.getByRole("textbox").last().fill("复查血压");
    await submit(doctor.page);
    await sign(doctor.page);
    await doctor.page.locator("summary").first().click();
    await doctor.look("asked-everything");
    await doctor.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await doctor.page.locator("details button").click();
    const link = String(await doctor.page.evaluate("navigator.clipboard.readText()"));
    expect(link).toMatch(/\/wallet\/requests#request=[0-9a-f]{64}&nonce=[0-9a-f]{64}&reason=/);

    const second = await patient.context.newPage();
    await become({ ...patient, page: second }, OTHER_PATIENT);
    await second.goto("/wallet/requests");
    await allow(second).waitFor();
    await patient.page.goto(link);
    await patient.page.getByText("复查血压").waitFor();
    await patient.look("request-with-reason");
    await decline(patient.page).click();
    // The other tab hears of it, too.
    await allow(second).waitFor({ state: "detached" });
    await doctor.page.getByRole("button", { name: /^(Withdraw|撤回)/ }).waitFor({ state: "detached" });
    await doctor.page
      .getByText(/^(declined|已拒绝)$/)
      .first()
      .waitFor();
    await doctor.look("declined");

    for (const scene of [doctor, patient]) scene.expectClean();
  });

  it("is withdrawn by who asked, and told under a false reason as such", async () => {
    const [doctor, patient] = [await stage.open(desktop), await stage.open(desktop)];
    await become(patient, PATIENT);
    await become(doctor, DOCTOR);
    await askFor(doctor.page, PATIENT);
    await doctor.page.getByRole("textbox").last().fill("To prepare the operation");
    await submit(doctor.page);
    await sign(doctor.page);
    await doctor.page.waitForURL((url) => url.pathname === "/clinician/requests");
    await doctor.page.locator("summary").first().click();
    await doctor.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await doctor.page.locator("details button").click();
    const link = String(await doctor.page.evaluate("navigator.clipboard.readText()"));
    await patient.page.goto(link.replace(/reason=.*/, "reason=Another+reason"));
    await patient.page.getByText("The reason in the link is not the one that was stated", { exact: false }).waitFor();
    await patient.look("request-with-false-reason");
    await doctor.page.getByRole("button", { name: "Withdraw" }).click();
    await doctor.page.getByText("withdrawn", { exact: true }).waitFor();
    await patient.page.getByText("Nobody asks for access").waitFor();
    await patient.look("withdrawn");
    for (const scene of [doctor, patient]) scene.expectClean();
  });

  it("has one answer, whatever is pressed in two tabs at once", async () => {
    const [doctor, patient] = [await stage.open(desktop), await stage.open(desktop)];
    await become(patient, PATIENT);
    const second = await patient.context.newPage();
    await become({ ...patient, page: second }, PATIENT);
    await become(doctor, DOCTOR);
    await askFor(doctor.page, PATIENT);
    await chooseEverything(doctor.page);
    await submit(doctor.page);
    await sign(doctor.page);
    for (const tab of [patient.page, second]) await tab.goto("/wallet/requests");
    await Promise.all([allow(patient.page).waitFor(), decline(second).waitFor()]);
    await Promise.all([allow(patient.page).click(), decline(second).click()]);
    for (const tab of [patient.page, second]) await tab.getByText("Nobody asks for access").waitFor();
    const states = await Promise.all([patient.page, second].map((tab) => tab.getByRole("main").locator("li").first().innerText()));
    expect(states[0]).toBe(states[1]);
    expect(states[0]).toMatch(/given|declined/);
    for (const scene of [doctor, patient]) scene.expectClean();
  });

  it.each(settingsOf(phone))("for a child's records is answered by the parent ($device, $language)", async (setting) => {
    const [doctor, parent] = [await stage.open(setting), await stage.open(setting)];
    await become(parent, PARENT);
    await become(doctor, DOCTOR);
    await askFor(doctor.page, CHILD);
    await doctor.page.getByRole("checkbox").first().check();
    await choose(doctor.page, OTHER_PATIENT);
    await submit(doctor.page);
    await doctor.page.getByRole("alert").waitFor();
    await doctor.look("ask-no-power");
    await choose(doctor.page, PARENT);
    await submit(doctor.page);
    await sign(doctor.page);
    await corner(parent.page).getByText(CHILD, { exact: false }).waitFor();
    await parent.page.goto("/wallet/requests");
    await allow(parent.page).waitFor();
    await parent.look("request-for-child");
    await allow(parent.page).click();
    await doctor.page.getByRole("main").locator(`a[href*="/clinician/patients/"]`).first().waitFor();
    for (const scene of [doctor, parent]) scene.expectClean();
  });
});

/** Opens a record for treatment. */
async function openRecord(page: Page, patient: string): Promise<void> {
  await page.goto("/clinician");
  await page.getByRole("link", { name: new RegExp(patient) }).click();
  await page.getByRole("radio").first().waitFor();
  await submit(page);
  await sign(page);
  await page.locator("a[href$='/prescription']").waitFor();
}

/** Has an allergy to penicillin, and lets the hospital's clinicians see everything. */
const ALLERGIC = "Galdo Placeholm";

describe.runIf(chromium)("a prescription", { timeout: TIMEOUT_MS }, () => {
  it.each(settingsOf(desktop))("is held up by an allergy, filed, and seen by the patient ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await become(scene, DOCTOR);
    await openRecord(page, ALLERGIC);
    await page.locator("a[href$='/prescription']").click();
    const medicine = `Amoxicillin 500 mg ${SCRIPT}`;
    await page.getByRole("main").getByRole("combobox").first().fill(medicine);
    await page.keyboard.press("Escape");
    const [dose, times, days] = [0, 1, 2].map((place) => page.getByRole("main").getByRole("textbox").nth(place));
    await dose!.fill("0,5");
    await page.getByText(/0\.5/).first().waitFor();
    await dose!.fill("0.5");
    await times!.fill("3");
    await days!.fill("7");
    await page
      .getByRole("alert")
      .getByText(/penicillin/i)
      .waitFor();
    expect(await page.getByRole("main").locator("button[type=submit]").isDisabled()).toBe(true);
    await look("prescription-conflict");
    await page.getByRole("checkbox").last().check();
    await page.getByRole("main").getByRole("textbox").last().fill("With food. 饭后服用");
    await look("prescription");
    await submit(page);
    await page.getByRole("dialog").getByText("Sampleton General Hospital").waitFor();
    await sign(page);
    await page.getByRole("link", { name: medicine }).first().waitFor();
    await look("prescribed");

    const patient = await stage.open({ ...phone, language: setting.language });
    await become(patient, ALLERGIC);
    await patient.page.getByRole("link", { name: medicine }).first().waitFor();
    await patient.look("medication");
    await patient.page.getByRole("link", { name: medicine }).first().click();
    await patient.page.getByText("With food. 饭后服用", { exact: false }).waitFor();
    await patient.look("prescription-received");
    for (const one of [scene, patient]) one.expectClean();
  });

  it.each(settingsOf(phone))("is not written without a licence in good standing ($device, $language)", async (setting) => {
    const { people } = (await (await fetch(`${stage.network.url}/sample-town`)).json()) as { people: { name: string; note?: string }[] };
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await become(scene, people.find(({ note }) => note === "licence-suspended")!.name);
    await openRecord(page, ALLERGIC);
    await page.locator("a[href$='/prescription']").click();
    await page.getByText(/执业许可者|licence to practise/).waitFor();
    expect(await page.getByRole("main").locator("button[type=submit]").count()).toBe(0);
    await look("prescription-no-licence");
    scene.expectClean();
  });
});

describe.runIf(chromium)("what waits for a signature", { timeout: TIMEOUT_MS }, () => {
  const [CLINIC, PRACTICE, PHARMACY, AUTHORITY] = [
    "Testerly Lane Clinic",
    "Mockridge Family Practice",
    "Makebury Pharmacy",
    "Fictorel Health Authority",
  ] as const;

  it.each(settingsOf(phone))("is told live, read in words, signed, and takes effect ($device, $language)", async (setting) => {
    const [clinic, practice] = [await stage.open(setting), await stage.open(desktop)];
    await become(clinic, CLINIC);
    await become(practice, PRACTICE);
    // The same once more would be refused as unchanged.
    const types = setting.device === "phone" ? '["training"]' : '["degree"]';
    const subject = ["issuer", "--issuer", "Inventow Institute", "--credential-types", types];
    const { proposal } = await answer<{ proposal: string }>(
      stage,
      "governance",
      "propose",
      ...subject,
      "--as",
      "Sampleton General Hospital",
    );
    await corner(clinic.page).getByText("Sampleton General Hospital", { exact: false }).waitFor();
    await clinic.look("proposed-live");
    await corner(clinic.page)
      .getByRole("button", { name: /^(Show|查看)$/ })
      .click();
    await clinic.page.waitForURL((url) => url.pathname === "/hospital/proposals");
    await clinic.page.getByText("Inventow Institute", { exact: false }).first().waitFor();
    await clinic.look("to-sign");
    // In the reader's language, and not in the ledger's English.
    if (setting.language === "zh-CN") await clinic.page.getByText("签署这项决定的联盟成员还不够", { exact: false }).waitFor();
    await clinic.page.getByRole("main").getByRole("button").first().click();
    const again = clinic.page.getByRole("button", { name: /^(Try again|重试)$/ });
    await again.waitFor();
    await clinic.look("signed");
    await again.click();
    await clinic.page.getByRole("main").getByRole("alert").waitFor();

    await practice.page.goto("/hospital/proposals");
    await practice.page.getByRole("button", { name: "Say no" }).click();
    await practice.page.getByText("You have said no").waitFor();
    await answer(stage, "governance", "vote", proposal, "--yes", "--as", PHARMACY, AUTHORITY, "Placeholm Mutual");
    await again.waitFor({ state: "detached" });
    await clinic.page
      .getByText(/took effect on|已于 .* 生效/)
      .first()
      .waitFor();
    await clinic.look("took-effect");
    for (const scene of [clinic, practice]) scene.expectClean();
  });
});
