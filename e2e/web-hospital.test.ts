import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { patientOfTown } from "../packages/cli/src/town/history.ts";
import { generatePatientBundle } from "../packages/cli/src/town/synthetic-patients/generate-patient-bundle.ts";
import { answer, PASSPHRASE } from "./web/command-line.ts";
import { chinesePhone, english, type Scene, settingsOf } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const HOSPITAL = "Sampleton General Hospital";
const BOARD = "Sampleton Medical Board";
const NURSE = "Edrin Pretendy";
const stage = useStage();

/** A patient of the town for each setting, so that what one story files is new to the next. */
const knownPatient = { phone: 13, desktop: 17 } as const;

/** What a house hands in: a bundle of a known patient, two of the same stranger, two that are broken, and something else. */
async function handIn(folder: string, index: number): Promise<void> {
  await mkdir(folder);
  const write = (name: string, content: unknown) => writeFile(join(folder, name), JSON.stringify(content));
  const stranger = generatePatientBundle({ seed: "another town", index: 150 });
  await write("known.json", generatePatientBundle({ seed: "another town", index }));
  await write("stranger.json", stranger);
  await write("stranger-again.json", stranger);
  await write("two-patients.json", { resourceType: "Bundle", type: "collection", entry: [1, 2].map(patientEntry) });
  await writeFile(join(folder, "twice.json"), '{"resourceType": "Bundle",\n "type": "batch", "type": "batch"}');
  await writeFile(join(folder, "read-me.txt"), "no bundle");
}

const patientEntry = (number: number) => ({ resource: { resourceType: "Patient", id: String(number) } });

stories("a hospital desk", () => {
  beforeAll(async () => {
    for (const device of ["phone", "desktop"] as const) {
      await mkdir(join(stage.folder, device));
      await handIn(join(stage.folder, device, "bundles"), knownPatient[device]);
    }
  });

  it.each(settingsOf(chinesePhone))("files what was checked for whom somebody named, once ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    const known = patientOfTown(knownPatient[setting.device]);
    const bundles = join(stage.folder, setting.device, "bundles");
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && /\/v1\/(blobs|transactions)/.test(request.url())) sent.push(request.url());
    });
    await scene.become(HOSPITAL);
    await page.locator("input[type=file]").first().waitFor({ state: "attached" });
    await look("hospital");
    await page.locator("input[type=file]").last().setInputFiles(bundles);
    await page.getByText("json/DuplicateKey").waitFor();
    await page.getByText("fhir/SeveralPatients").waitFor();
    await page.getByText(/\$\.type/).waitFor();
    expect(await page.getByText(/read-me/).count()).toBe(0);
    const seal = page.getByRole("main").locator("button[data-size=lg]");
    expect(await seal.isDisabled()).toBe(true);
    await page.locator("summary").first().click();
    await look("hospital-checked");

    // Of the stranger nobody says who it is.
    await page.getByRole("button", { name: new RegExp(`(Leave out|不归档): ${await strangerName(page, known)}`) }).click();
    await page.getByRole("button", { name: new RegExp(`${known}.*…`) }).click();
    await page
      .getByText(/Sampleton General Hospital/)
      .last()
      .waitFor();
    await look("hospital-sealing");
    expect(sent).toEqual([]);
    await seal.click();
    const act = page.getByRole("dialog");
    await act.getByText(/File \d+ sealed documents|归档 \d+ 份密封文档/).waitFor();
    await act.getByText(new RegExp(known)).waitFor();
    await look("hospital-signing");
    await act.locator("button").last().click();
    await seal.waitFor();
    expect(sent.filter((url) => url.endsWith("/v1/transactions"))).toEqual([]);
    await seal.click();
    await scene.sign();
    await page.getByRole("main").getByRole("status").getByRole("button").waitFor();
    await look("hospital-filed");

    await page.getByRole("main").getByRole("status").getByRole("button").click();
    await page.locator("input[type=file]").first().setInputFiles(join(bundles, "known.json"));
    await page.getByRole("button", { name: new RegExp(`${known}.*…`) }).click();
    await seal.click();
    await page.getByText(/\d+ of them were there before|其中 \d+ 份之前已在档/).waitFor();
    scene.expectClean();
  });

  it.each(settingsOf(english))("takes a folder by mouse, and opens an account for who has none ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await scene.become(HOSPITAL);
    await dropByMouse(page, join(stage.folder, setting.device, "bundles"));
    await page.getByText("json/DuplicateKey").waitFor();
    await page.getByText("bundles/twice.json").waitFor();
    expect(await page.getByText(/read-me/).count()).toBe(0);
    await page.getByRole("button", { name: new RegExp(`^(Leave out|不归档): ${patientOfTown(knownPatient[setting.device])}`) }).click();

    const name = await onlyPatient(page);
    await page.getByText(/This browser knows no account of|本浏览器不知道/).waitFor();
    await look("hospital-no-account");
    await page.getByRole("button", { name: /^(Open an account|开立账户)/ }).click();
    const sheet = page.getByRole("dialog");
    await sheet.locator("ol li").last().waitFor();
    const words = (await sheet.locator("ol li").allTextContents()).join(" ");
    expect(words.split(" ")).toHaveLength(24);
    const open = sheet.getByRole("button", { name: /^(Open the account|开立账户)$/ });
    expect(await open.isDisabled()).toBe(true);
    await look("hospital-account");
    await page.emulateMedia({ media: "print" });
    expect(await sheet.getByText(words.split(" ")[0]!, { exact: true }).first().isVisible()).toBe(true);
    expect(await page.locator("#root").isVisible()).toBe(false);
    await page.emulateMedia({ media: "screen" });
    await sheet.getByRole("checkbox").check();
    await open.click();
    await page.getByText(/Create an account for a person|创建账户（个人）/).waitFor();
    // Two sheets are open: the act stands before that of the account.
    await page.locator("button[data-autofocus]").click();
    await sheet.first().waitFor({ state: "detached" });
    await page.getByRole("main").locator("button[data-size=lg]").click();
    await scene.sign();
    await page.getByRole("main").getByRole("status").getByRole("button").waitFor();
    scene.expectClean();

    const patient = await stage.open(setting);
    await restoreByWords(patient, name, words);
    await patient.page.getByRole("link", { name: /Home visit/ }).waitFor();
    await patient.look("opened-by-words");
    patient.expectClean();
  });

  // What the first story filed on a phone lies under labels of the house.
  it.each([english, chinesePhone])(
    "files under labels of its own, and the patient shares them by area and role ($device, $language)",
    async (setting) => {
      const patient = await stage.open(setting);
      const { page, look } = patient;
      await patient.become("Nesrin Sampleton");
      await page.goto("/wallet/access/new");
      await page.getByRole("combobox").fill(HOSPITAL);
      await page.locator("label", { hasText: /^(every nurse|每位护士)$/ }).click();
      await page.getByRole("checkbox", { name: /valid licence|执业许可/ }).waitFor();
      await page.getByText(/to every nurse at Sampleton General Hospital|Sampleton General Hospital 的每位护士/).waitFor();
      await look("grant-role");
      await patient.submit();
      const act = page.getByRole("dialog");
      await act.getByText(/every nurse at “Sampleton General Hospital”|的所有护士/).waitFor();
      await act.getByText(/(General|一般病历) · Sampleton General Hospital/).waitFor();
      await look("grant-role-signing");
      await patient.sign();
      await page.waitForURL("**/wallet/access");
      await page
        .getByText(/Every nurse at Sampleton General Hospital|Sampleton General Hospital 的每位护士/)
        .last()
        .waitFor();
      await page
        .getByText(/Opens General, Laboratory,? and Medication|可看一般病历、化验和用药/)
        .last()
        .waitFor();
      await look("access-role");

      // The command line names the house's label as well.
      const to = `${HOSPITAL}:nurse`;
      const { covers } = await answer<{ covers: { labels: string[] } }>(
        stage,
        ...["grant", "--as", "Nesrin Sampleton", "--to", to, "--compartment", "general", "--until", "1d"],
      );
      expect(covers.labels).toHaveLength(2);

      const nurse = await stage.open(setting);
      await nurse.become(NURSE);
      await nurse.page.goto("/clinician");
      await nurse.page.getByRole("link", { name: /Nesrin Sampleton/ }).click();
      await nurse.page.getByRole("radio").first().waitFor();
      await nurse.submit();
      await nurse.sign();
      await nurse.page
        .getByRole("link", { name: /Sprain of ankle/ })
        .nth(1)
        .waitFor();
      await nurse.look("nurse-reads");
      nurse.expectClean();

      const doctor = await stage.open(setting);
      await doctor.become("Dr. Alwen Demowright");
      await doctor.page.getByRole("link", { name: /Alwen Sampleton/ }).waitFor();
      expect(await doctor.page.getByRole("link", { name: /Nesrin Sampleton/ }).count()).toBe(0);
      patient.expectClean();
    },
  );

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

      const board = await stage.open(setting);
      const { page, look } = board;
      await board.become(BOARD);
      await page.getByText(/Registered to issue: licence to practise|已登记可颁发：执业许可/).waitFor();
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
        .getByText(/Suspend a credential|暂停证书/)
        .waitFor();
      await page
        .getByRole("dialog")
        .getByText(/Dr\. Alwen Demowright/)
        .waitFor();
      await look("suspending-signing");
      await board.sign();
      await page.getByText(/^(suspended|已暂停)$/).waitFor();
      await look("suspended");

      await doctor.page.reload();
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
      await doctor.page.reload();
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

/** Drops a file or folder of the disk onto the page as a mouse does. */
async function dropByMouse(page: Page, path: string): Promise<void> {
  const target = page.getByRole("group", { name: /Drop FHIR bundles|FHIR 数据包/ });
  const { x, y, width, height } = (await target.boundingBox())!;
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await browser.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
}

async function restoreByWords(scene: Scene, name: string, words: string): Promise<void> {
  const { page } = scene;
  await page.goto("/keys/restore");
  await page.getByRole("textbox").first().fill(name);
  await page.locator("textarea").fill(words);
  await scene.submit();
  // The lock comes when the ledger has said which account the words open.
  await page.locator("input[type=password]").first().waitFor();
  for (const field of await page.locator("input[type=password]").all()) await field.fill(PASSPHRASE);
  await scene.submit();
  await page.waitForURL("**/wallet");
}

/** The name of the one patient of the plan. */
async function onlyPatient(page: Page): Promise<string> {
  const names = await page.getByRole("main").locator("li strong").allTextContents();
  return names.find((name) => !name.endsWith(".json"))!;
}

/** The second patient of the plan, as its card says. */
async function strangerName(page: Page, known: string): Promise<string> {
  const names = await page.getByRole("main").locator("li strong").allTextContents();
  return names.find((name) => !name.endsWith(".json") && name !== known)!;
}
