import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { patientOfTown } from "../packages/cli/src/town/history.ts";
import { generatePatientBundle } from "../packages/cli/src/town/synthetic-patients/generate-patient-bundle.ts";
import { answer, PASSPHRASE } from "./web/command-line.ts";
import { chinesePhone, english, type Scene, settingsOf } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const HOSPITAL = "Sampleton General Hospital";
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

  it("chooses another account after documents could not be filed, unless some may be on file", async () => {
    const { page, become, sign } = await stage.open({ ...english, worker: "block" });
    const path = join(stage.folder, "wrong-account.json");
    await writeFile(path, JSON.stringify(generatePatientBundle({ seed: "another town", index: 152 })));
    const drop = () => page.locator("input[type=file]").first().setInputFiles(path);
    const who = page.getByRole("main").getByRole("combobox");
    const seal = page.getByRole("main").locator("button[data-size=lg]");
    await become(HOSPITAL);
    await drop();
    await who.fill("ab".repeat(32));
    await page.keyboard.press("Escape");
    await seal.click();
    const failed = page.getByText(/^Not all is on file: 0 of/);
    await failed.waitFor();
    const { account } = await stage.townPerson("Corvin Mockridge");
    await who.fill(account);
    await page.keyboard.press("Escape");

    // Nobody knows whether these have arrived: they stay with this account, until they are left out.
    await page.route(/\/v1\/transactions/, (route) => route.abort());
    await seal.click();
    await sign();
    await failed.waitFor();
    await page.getByText("Check the connection", { exact: false }).first().waitFor();
    await page.unrouteAll({ behavior: "wait" });
    expect(await who.count()).toBe(0);
    await page.getByRole("button", { name: /^Leave out/ }).click();
    await drop();
    await who.fill(account);
    await page.keyboard.press("Escape");
    expect(await failed.count()).toBe(0);
    await seal.click();
    await sign();
    await page.getByRole("main").getByRole("status").getByRole("button").waitFor();
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
      await page.getByRole("checkbox", { name: /valid licence|执业资格/ }).waitFor();
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
});

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
