import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { chinesePhone, english, type Scene, settingsOf } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const HOSPITAL = "Sampleton General Hospital";
const BOARD = "Sampleton Medical Board";
const NURSE = "Edrin Pretendy";
const stage = useStage();

stories("a hospital desk", () => {
  it.each([english, chinesePhone])(
    "knows its people from the ledger, their roles and licences, and changes them ($device, $language)",
    async (setting) => {
      const scene = await stage.open(setting);
      const { page, look } = scene;
      await scene.become(HOSPITAL);
      await page.goto("/hospital/people");
      const cards = page
        .getByRole("main")
        .getByRole("listitem")
        .filter({ has: page.getByRole("button") });
      const cardOf = (name: string | RegExp) => cards.filter({ hasText: name });
      await page.getByText(/^(suspended|已暂停)$/).waitFor();
      await page.getByText(/^(valid|有效)$/).waitFor();
      await look("people");

      // Somebody whom the browser knows to work elsewhere is not among them; entered, she is.
      expect(await cardOf("Dr. Corvin Inventow").count()).toBe(0);
      await enter(page, "Dr. Corvin Inventow");
      await look("people-adding");
      await scene.submit();
      await page.getByRole("dialog").getByText("Dr. Corvin Inventow").first().waitFor();
      await look("roles-signing");
      await scene.sign();
      const added = cardOf("Dr. Corvin Inventow");
      await added.getByText(/2099/).waitFor();
      await look("people-added");

      await added.getByRole("button", { name: /Change roles|更改岗位/ }).click();
      await added.locator("label", { hasText: /^(nurse|护士)$/ }).click();
      await added.locator("input[type=date]").fill("2020-01-01");
      await added.getByText(/This day has passed|这一天已过/).waitFor();
      expect(await added.locator("button[type=submit]").isDisabled()).toBe(true);
      await added.locator("input[type=date]").fill("");
      await look("roles");
      await added.locator("button[type=submit]").click();
      await scene.sign();
      await added.locator("form").waitFor({ state: "detached" });
      await added.getByText(/^(nurse|护士)$/).waitFor();

      // Another browser knows it too: it is the ledger that tells.
      const elsewhere = await stage.open(setting);
      await elsewhere.become(HOSPITAL);
      await elsewhere.page.goto("/hospital/people");
      await elsewhere.page.getByText("Dr. Corvin Inventow").waitFor();
      elsewhere.expectClean();

      await added.getByRole("button", { name: /Change roles|更改岗位/ }).click();
      await added.getByRole("button", { name: /Remove from the organisation|移出机构/ }).click();
      await scene.sign();
      await added.waitFor({ state: "detached" });
      scene.expectClean();
    },
  );

  it.each(settingsOf(chinesePhone))("refuses, in words, to let staff manage staff ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await scene.become("Dr. Alwen Demowright");
    await page.goto("/hospital/people");
    const nurse = page
      .getByRole("main")
      .getByRole("listitem")
      .filter({ hasText: /nurse|护士/ });
    await nurse.getByRole("button").click();
    await nurse.getByRole("button", { name: /Remove from the organisation|移出机构/ }).click();
    await scene.sign();
    await nurse
      .getByRole("alert")
      .getByText(/administrators|管理员/)
      .waitFor();
    await look("people-refused");
    scene.expectClean();
  });
});

/** Fills the form that enters somebody, with a last day. */
async function enter(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /Add somebody|添加人员/ }).click();
  await page.getByRole("combobox").fill(name);
  await page.locator("form label", { hasText: /^(clinician|医生)$/ }).click();
  await page.locator("input[type=date]").fill("2099-12-31");
}

stories("a licensing body", () => {
  it.each([english, chinesePhone])(
    "suspends a licence, and the next reading is refused and says why ($device, $language)",
    async (setting) => {
      const doctor = await stage.open(setting);
      await doctor.become("Dr. Alwen Demowright");
      await openRecord(doctor);
      await doctor.page.getByText("Hypertensive disorder", { exact: true }).waitFor();
      await doctor.page.locator("a[href$='/prescription']").click();
      await doctor.page.getByRole("main").locator("button[type=submit]").waitFor();

      const board = await stage.open(setting);
      const { page, look } = board;
      await board.become(BOARD);
      await page.getByText(/Registered to issue: licence to practise|已登记可颁发：执业资格/).waitFor();
      await look("board");
      await page.getByRole("combobox").fill("Dr. Alwen Demowright");
      await page.getByText(/^(valid|有效)$/).waitFor();
      await page.getByRole("button", { name: /^(Suspend|暂停)[:：]/ }).click();
      await page.locator("input[type=date]").fill("2099-01-01");
      await page.getByText(/must not lie in the future|不能在将来/).waitFor();
      expect(await page.getByRole("main").locator("button[type=submit]").isDisabled()).toBe(true);
      await page.locator("input[type=date]").fill(today());
      await look("suspending");
      await board.submit();
      await page
        .getByRole("dialog")
        .getByText(/Suspend a credential|暂停资格/)
        .waitFor();
      await page
        .getByRole("dialog")
        .getByText(/Dr\. Alwen Demowright/)
        .waitFor();
      await look("suspending-signing");
      await board.sign();
      await page.getByText(/^(suspended|已暂停)$/).waitFor();
      await look("suspended");

      // The desk lets nobody begin what would count for nothing.
      await doctor.page.getByText(/执业资格者|licence to practise/).waitFor();
      expect(await doctor.page.getByRole("main").locator("button[type=submit]").count()).toBe(0);
      await openRecord(doctor);
      await doctor.page
        .getByRole("alert")
        .getByText(/licence is suspended|执业资格已被暂停/)
        .waitFor();
      await doctor.look("reading-suspended");

      await page.getByRole("button", { name: /^(Reinstate|恢复)/ }).click();
      await board.submit();
      await board.sign();
      await page.getByText(/^(valid|有效)$/).waitFor();
      await openRecord(doctor);
      await doctor.page.getByText("Hypertensive disorder", { exact: true }).waitFor();
      board.expectClean();
      doctor.expectClean();
    },
  );

  it.each(settingsOf(english))(
    "issues a licence with a certificate for its holder, and revokes it for good ($device, $language)",
    async (setting) => {
      const scene = await stage.open(setting);
      const { page, look } = scene;
      // Each setting has a holder of its own: what is revoked stays revoked.
      const holder = setting.device === "desktop" ? NURSE : "Fennow Makebury";
      await scene.become(BOARD);
      await page.getByRole("combobox").fill(holder);
      await page.getByText(/No licence or certificate|没有资格/).waitFor();
      await page.getByRole("button", { name: /Issue a credential|颁发资格/ }).click();
      await page.getByRole("textbox", { name: /Where or for what|适用的地点/ }).fill("not a code!");
      await page.getByText(/64/).last().waitFor();
      await page.getByRole("textbox", { name: /Where or for what|适用的地点/ }).fill("Sampleton");
      await page.locator("input[type=date]").last().fill("2001-01-01");
      await page.getByText(/lies in the past|截止日期已过/).waitFor();
      expect(await page.getByRole("main").locator("button[type=submit]").isDisabled()).toBe(true);
      await page.locator("input[type=date]").last().fill("2099-12-31");
      await look("issuing");
      await scene.submit();
      await page
        .getByRole("dialog")
        .getByText(/Sampleton/)
        .first()
        .waitFor();
      await look("issuing-signing");
      const saving = page.waitForEvent("download");
      await scene.sign();
      const certificate = JSON.parse(await readFile(await (await saving).path(), "utf8"));
      expect(certificate).toMatchObject({ holder: { name: holder }, issuer: { name: BOARD }, scope: "Sampleton" });
      await page.getByText(/^(valid|有效)$/).waitFor();
      await page.getByRole("button", { name: /^(Revoke|吊销)/ }).click();
      await look("revoking");
      await scene.submit();
      await scene.sign();
      await page.getByText(/^(revoked|已吊销)$/).waitFor();
      expect(await page.getByRole("button", { name: /^(Revoke|Reinstate|Suspend|吊销|恢复|暂停)/ }).count()).toBe(0);
      await look("revoked");

      // Who is not registered is told who is.
      await scene.become(HOSPITAL);
      await page.goto("/credentials");
      await page.getByText(BOARD).waitFor();
      await look("not-an-issuer");
      scene.expectClean();
    },
  );
});

/** Opens the record of a patient who lets licensed doctors of the hospital read. */
async function openRecord(scene: Scene): Promise<void> {
  const { page } = scene;
  await page.goto("/clinician");
  await page.getByRole("link", { name: /Alwen Sampleton/ }).click();
  await page.getByRole("radio").first().waitFor();
  await scene.submit();
  await scene.sign();
}

const today = () => new Date().toISOString().slice(0, 10);
