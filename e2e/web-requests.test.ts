import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { readShownCode } from "./web/shown-code.ts";
import { chinesePhone, english, englishPhone, type Scene, settingsOf } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const SCRIPT = "<img src=x onerror=alert(1)>";
const DOCTOR = "Dr. Alwen Demowright";
const PATIENT = "Corvin Mockridge";
const OTHER_PATIENT = "Marwen Trialby";
const CHILD = "Kestra Makebury";
const PARENT = "Liorel Synthern";
const stage = useStage();

/** Keeps what a page is told live back until the function that comes back is called. */
async function holdNews(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(/\/v1\/events/, async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

/** What is said in the corner. */
const corner = (page: Page) => page.getByRole("alert");
const answers = (page: Page) => page.getByRole("main").getByRole("button", { name: /^(Allow|Decline|同意|拒绝)$/ });
const allow = (page: Page) => answers(page).first();
const decline = (page: Page) => answers(page).last();

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

/** Presses what comes to stand in the place of the first "Allow", in the moment in which that one goes. */
const PRESS_WHAT_COMES = `new Promise((resolve) => {
  const first = [...document.querySelectorAll("main button")].find(({ textContent }) => textContent === "Allow");
  const { x, y, width, height } = first.getBoundingClientRect();
  const watcher = new MutationObserver(() => {
    if (first.isConnected) return;
    watcher.disconnect();
    const there = document.elementFromPoint(x + width / 2, y + height / 2)?.closest("button");
    there?.click();
    resolve(there?.textContent);
  });
  watcher.observe(document.body, { childList: true, subtree: true });
})`;

const chooseEverything = (page: Page) => page.getByRole("main").locator("input[type=radio][value=everything]").check();

stories("a request for access", () => {
  it.each(settingsOf(english))("for areas is told live, answered in one press, and opens ($device, $language)", async (setting) => {
    const [doctor, patient] = [await stage.open(setting), await stage.open({ ...englishPhone, language: setting.language })];
    await patient.become(PATIENT);
    await doctor.become(DOCTOR);
    await askFor(doctor.page, PATIENT);
    const reason = `Cough since Monday ${SCRIPT}`;
    await doctor.page.getByRole("textbox").last().fill(reason);
    await doctor.look("ask-form");
    await doctor.submit();
    await doctor.page.getByRole("dialog").getByText(PATIENT, { exact: false }).first().waitFor();
    await doctor.look("ask-signing");
    await doctor.sign();
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
    await patient.page.getByText(/^(The whole wording|完整内容)$/).click();
    await patient.page.getByText(/^(Say no to a proposal|反对提案)$/).waitFor();
    await patient.look("request");
    await allow(patient.page).click();
    await corner(patient.page)
      .getByText(/^(You see every reading|每次查看都会显示在)/)
      .waitFor();
    await corner(doctor.page)
      .getByText(/Corvin Mockridge (has given you access|已向您授权)/)
      .waitFor();
    await doctor.look("answered-live");
    await doctor.page.getByRole("main").locator(`a[href*="/clinician/patients/"]`).first().click();
    await doctor.page.getByRole("radio").first().waitFor();
    await doctor.submit();
    await doctor.sign();
    await doctor.page.locator("ol li a").first().waitFor();
    await patient.look("answered");
    for (const scene of [doctor, patient]) scene.expectClean();
  });

  it.each(settingsOf(chinesePhone))(
    "brings its reason by a link, and is declined, on two devices ($device, $language)",
    async (setting) => {
      const [doctor, patient] = [await stage.open(setting), await stage.open(setting)];
      await patient.become(OTHER_PATIENT);
      await doctor.become(DOCTOR);
      await askFor(doctor.page, OTHER_PATIENT);
      await chooseEverything(doctor.page);
      await doctor.page.getByRole("textbox").last().fill("复查血压 & 用药");
      await doctor.submit();
      await doctor.sign();
      await doctor.page.locator("summary").first().click();
      await doctor.look("asked-everything");
      await doctor.context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await doctor.page.locator("details button").click();
      const link = String(await doctor.page.evaluate("navigator.clipboard.readText()"));
      expect(link).toMatch(/\/wallet\/requests#request=[0-9a-f]{64}&nonce=[0-9a-f]{64}&reason=/);
      expect(await readShownCode(doctor, doctor.page.locator("details").getByRole("img"))).toBe(link);

      const second = await stage.open(setting);
      await second.become(OTHER_PATIENT);
      await second.page.goto("/wallet/requests");
      await allow(second.page).waitFor();
      await patient.page.goto(link.replace(/reason=.*/, "reason=%E8%B0%8E%E8%A8%80"));
      await patient.page.getByText("链接中的理由", { exact: false }).waitFor();
      // Another link in the same tab loads no page anew.
      await patient.page.goto(link);
      await patient.page.getByText("复查血压 & 用药").waitFor();
      await patient.look("request-with-reason");
      await decline(patient.page).click();
      // The other device hears of it, too.
      await allow(second.page).waitFor({ state: "detached" });
      await doctor.page.getByRole("button", { name: /^(Withdraw|撤回)/ }).waitFor({ state: "detached" });
      await doctor.page
        .getByText(/^(declined|已拒绝)$/)
        .first()
        .waitFor();
      await doctor.look("declined");

      for (const scene of [doctor, patient]) scene.expectClean();
    },
  );

  it("is withdrawn by who asked, and told under a false reason as such", async () => {
    const [doctor, patient] = [await stage.open(english), await stage.open(english)];
    await patient.become(PATIENT);
    await doctor.become(DOCTOR);
    await askFor(doctor.page, PATIENT);
    await doctor.page.getByRole("textbox").last().fill("To prepare the operation");
    await doctor.submit();
    await doctor.sign();
    await doctor.page.waitForURL((url) => url.pathname === "/clinician/requests");
    await doctor.page.locator("summary").first().click();
    await doctor.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await doctor.page.locator("details button").click();
    const link = String(await doctor.page.evaluate("navigator.clipboard.readText()"));
    // Between what a page asks first and what it is told then, nothing is lost.
    const letNewsIn = await holdNews(patient.page);
    await patient.page.goto(link.replace(/reason=.*/, "reason=Another+reason"));
    await patient.page.getByText("The reason in the link is not the one that was stated", { exact: false }).waitFor();
    await patient.look("request-with-false-reason");
    await doctor.page.getByRole("button", { name: "Withdraw" }).click();
    await doctor.page.getByText("withdrawn", { exact: true }).waitFor();
    letNewsIn();
    await patient.page.getByText("Nobody asks for access").waitFor();
    await patient.look("withdrawn");
    for (const scene of [doctor, patient]) scene.expectClean();
  });

  it("has one answer, whatever is pressed on two devices at once", async () => {
    const [doctor, patient] = [await stage.open(english), await stage.open(english)];
    await patient.become(PATIENT);
    const second = await stage.open(english);
    await second.become(PATIENT);
    await doctor.become(DOCTOR);
    for (const _ of ["withdrawn", "answered"]) {
      await askFor(doctor.page, PATIENT);
      await chooseEverything(doctor.page);
      await doctor.submit();
      await doctor.sign();
      await doctor.page.waitForURL((url) => url.pathname === "/clinician/requests");
    }
    // A press that meets another request than it was meant for signs nothing.
    await patient.page.setViewportSize({ width: 1280, height: 1_600 });
    await patient.page.goto("/wallet/requests");
    await expect.poll(() => answers(patient.page).count()).toBe(4);
    // Both cards are as high as they will be.
    await expect.poll(() => patient.page.getByText(/documents today/).count()).toBe(2);
    const sent: string[] = [];
    patient.page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/v1/transactions")) sent.push(request.url());
    });
    const pressed = patient.page.evaluate(PRESS_WHAT_COMES);
    await doctor.page.getByRole("button", { name: "Withdraw" }).last().click();
    expect(await pressed).toBe("Allow");
    await expect.poll(() => answers(patient.page).count()).toBe(2);
    expect(sent).toEqual([]);
    const devices = [patient.page, second.page];
    for (const device of devices) await device.goto("/wallet/requests");
    await Promise.all([allow(patient.page).waitFor(), decline(second.page).waitFor()]);
    await Promise.all([allow(patient.page).click(), decline(second.page).click()]);
    for (const device of devices) await device.getByText("Nobody asks for access").waitFor();
    const states = await Promise.all(devices.map((device) => device.getByRole("main").locator("li").first().innerText()));
    expect(states[0]).toBe(states[1]);
    expect(states[0]).toMatch(/given|declined/);
    for (const scene of [doctor, patient]) scene.expectClean();
  });

  it.each(settingsOf(chinesePhone))("for a child's records is answered by the parent ($device, $language)", async (setting) => {
    const [doctor, parent] = [await stage.open(setting), await stage.open(setting)];
    await parent.become(PARENT);
    await doctor.become(DOCTOR);
    await askFor(doctor.page, CHILD);
    await doctor.page.getByRole("checkbox").first().check();
    await choose(doctor.page, OTHER_PATIENT);
    await doctor.submit();
    await doctor.page.getByRole("alert").waitFor();
    await doctor.look("ask-no-power");
    await choose(doctor.page, PARENT);
    await doctor.submit();
    await doctor.sign();
    await corner(parent.page).getByText(CHILD, { exact: false }).waitFor();
    await parent.page.goto("/wallet/requests");
    await allow(parent.page).waitFor();
    await parent.look("request-for-child");
    await allow(parent.page).click();
    // The log may be another's to see.
    await corner(parent.page)
      .getByText(/^(Every reading is logged\.|每次查看都有记录。)$/)
      .waitFor();
    await doctor.page.getByRole("main").locator(`a[href*="/clinician/patients/"]`).first().waitFor();
    for (const scene of [doctor, parent]) scene.expectClean();
  });
});

/** Opens a record for treatment. */
async function openRecord({ page, submit, sign }: Scene, patient: string): Promise<void> {
  await page.goto("/clinician");
  await page.getByRole("link", { name: new RegExp(patient) }).click();
  await page.getByRole("radio").first().waitFor();
  await submit();
  await sign();
  await page.locator("a[href$='/prescription']").waitFor();
}

/** Has an allergy to penicillin, and lets the hospital's clinicians see everything. */
const ALLERGIC = "Galdo Placeholm";

stories("a prescription", () => {
  it.each(settingsOf(english))("is held up by an allergy, filed, and seen by the patient ($device, $language)", async (setting) => {
    const [scene, patient] = [await stage.open(setting), await stage.open({ ...englishPhone, language: setting.language })];
    const { page, look } = scene;
    await patient.become(ALLERGIC);
    await scene.become(DOCTOR);
    await openRecord(scene, ALLERGIC);
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
    await scene.submit();
    await page.getByRole("dialog").getByText("Sampleton General Hospital").waitFor();
    await scene.sign();
    await page.getByRole("link", { name: medicine }).first().waitFor();
    await look("prescribed");

    // The page of the patient has been open all the time.
    await patient.page.getByRole("link", { name: medicine }).first().waitFor();
    await patient.look("medication");
    await patient.page.getByRole("link", { name: medicine }).first().click();
    await patient.page.getByText("With food. 饭后服用", { exact: false }).waitFor();
    await patient.page.getByText(/held a licence in good standing|持有有效的执业资格/).waitFor();
    await patient.look("prescription-received");
    for (const one of [scene, patient]) one.expectClean();
  });

  it.each(settingsOf(chinesePhone))("is not written without a licence in good standing ($device, $language)", async (setting) => {
    const { people } = (await (await fetch(`${stage.network.url}/sample-town`)).json()) as { people: { name: string; note?: string }[] };
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await scene.become(people.find(({ note }) => note === "licence-suspended")!.name);
    await openRecord(scene, ALLERGIC);
    await page.locator("a[href$='/prescription']").click();
    await page.getByText(/执业资格者|licence to practise/).waitFor();
    expect(await page.getByRole("main").locator("button[type=submit]").count()).toBe(0);
    await look("prescription-no-licence");
    scene.expectClean();
  });
});

stories("what waits for a signature", () => {
  const [CLINIC, PRACTICE, PHARMACY, AUTHORITY] = [
    "Testerly Lane Clinic",
    "Mockridge Family Practice",
    "Makebury Pharmacy",
    "Fictorel Health Authority",
  ] as const;

  it.each(settingsOf(chinesePhone))("is told live, read in words, signed, and takes effect ($device, $language)", async (setting) => {
    const [clinic, practice] = [await stage.open(setting), await stage.open(english)];
    await clinic.become(CLINIC);
    await practice.become(PRACTICE);
    // The same once more would be refused as unchanged.
    const types = setting.device === "phone" ? '["training"]' : '["degree"]';
    const subject = ["issuer", "--issuer", "Inventow Institute", "--credential-types", types];
    const { proposalId } = await answer<{ proposalId: string }>(
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
    await answer(stage, "governance", "vote", proposalId, "--yes", "--as", PHARMACY, AUTHORITY, "Placeholm Mutual");
    await again.waitFor({ state: "detached" });
    await clinic.page
      .getByText(/took effect on|已于 .* 生效/)
      .first()
      .waitFor();
    await clinic.look("took-effect");
    for (const scene of [clinic, practice]) scene.expectClean();
  });
});
