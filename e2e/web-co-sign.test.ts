import { setTimeout } from "node:timers/promises";
import { createNote } from "@galen/gateway/fhir/clinical-note";
import { createCoSignature } from "@galen/gateway/fhir/create-co-signature";
import { resourcesOf } from "@galen/gateway/fhir/document-facts";
import { type JsonObject, writeJson } from "@galen/gateway/fhir/json-value";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { createClient } from "@galen/sdk/client/client";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { webRandom } from "@galen/sdk/keys/random";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import type { NewDocument } from "@galen/sdk/records/seal-document";
import { submit } from "@galen/sdk/transactions/submit";
import { beforeAll, expect, it } from "vitest";
import { runGalen } from "./galen-process.ts";
import { answer } from "./web/command-line.ts";
import { readShownCode } from "./web/shown-code.ts";
import { chinesePhone, english, type Scene, settingsOf } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";
import { townAccount } from "./web/town-account.ts";

const HOSPITAL = "Sampleton General Hospital";
const DOCTOR = "Dr. Alwen Demowright";
/** Of another house, with a licence. */
const COLLEAGUE = "Dr. Brisa Placeholm";
const OTHER_COLLEAGUE = "Dr. Corvin Inventow";
/** Of the doctor's house; her licence is suspended. */
const UNLICENSED = "Dr. Delphe Figmund";
/** Has opened everything to the clinicians of the hospital. */
const PATIENT = "Galdo Placeholm";
const SCRIPT = "<img src=x onerror=alert(1)>";
const stage = useStage();

const CO_SIGNED = /^(Co-signed by Dr\. Brisa Placeholm|Dr\. Brisa Placeholm 已会签)$/;
const NO_CO_SIGNATURE = /^(Does not count as a co-signature|不能算作会签)$/;
const ASK = /^(Ask a colleague to co-sign|请同事会签)$/;
const CO_SIGN = /^(Look at it and co-sign|核对并会签)$/;

beforeAll(async () => {
  if (stage.network) await giveAccess(COLLEAGUE);
}, 60_000);

/** The patient opens everything to a doctor; gives the grant's id. */
async function giveAccess(doctor: string): Promise<string> {
  const until = ["--until", "30d"];
  return (await answer<{ grantId: string }>(stage, "grant", "--as", PATIENT, "--to", doctor, "--everything", ...until)).grantId;
}

/** Opens the record of which the page asks what it is opened for. */
async function openRecord({ page, submit, sign }: Scene): Promise<void> {
  await page.getByRole("radio").first().waitFor();
  await submit();
  await sign();
}

/** Makes every request of a page wait, so that what needs more of them comes later; gives what ends it. */
async function slowDown({ page }: Scene): Promise<() => Promise<void>> {
  await page.route(/\/v1\//, async (route) => {
    await setTimeout(300);
    await route.continue();
  });
  return () => page.unrouteAll({ behavior: "wait" });
}

/** Opens the patient's record at the desk. */
async function openPatient(scene: Scene): Promise<void> {
  const { account } = await stage.townPerson(PATIENT);
  await scene.page.goto(`/clinician/patients/${account}`);
  await openRecord(scene);
  await scene.page.locator("a[href$='/note']").waitFor();
}

const copied = (page: Scene["page"]) => page.evaluate("navigator.clipboard.readText()").then(String);

/** The link on the page on which a colleague is asked: what is copied there, and what its code says. */
async function linkOf(scene: Scene): Promise<string> {
  const { context, page } = scene;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: /^(Copy as a link|复制为链接)$/ }).click();
  const link = await copied(page);
  expect(await readShownCode(scene, page.getByRole("main").getByRole("img"))).toBe(link);
  return link;
}

stories("a co-signature", () => {
  it.each(settingsOf(english))("under a note: asked for, given, seen by whoever reads the note ($device, $language)", async (setting) => {
    const [doctor, colleague, otherTab, patient] = [
      await stage.open(setting),
      await stage.open(setting),
      await stage.open(setting),
      await stage.open(setting),
    ];
    await patient.become(PATIENT);
    await doctor.become(DOCTOR);
    await openPatient(doctor);
    const title = `Discharge ${setting.device} ${SCRIPT}`;
    await doctor.page.locator("a[href$='/note']").click();
    await doctor.page.getByRole("textbox").first().fill(title);
    await doctor.page.getByRole("textbox").last().fill("May go home.\n血压 128/82.");
    await doctor.page.getByRole("checkbox", { name: ASK }).check();
    await doctor.look("co-sign-note-form");
    await doctor.submit();
    await doctor.sign();
    await doctor.page.getByRole("main").getByRole("img").waitFor();
    await doctor.look("co-sign-ask");
    const link = await linkOf(doctor);
    expect(link).toMatch(/\/clinician\/co-sign#patient=[0-9a-f]{64}&document=[0-9a-f]{64}$/);
    await doctor.page.getByRole("main").getByRole("link").first().click();
    await doctor.page.getByRole("link", { name: ASK }).waitFor();
    expect(await doctor.page.getByRole("button", { name: CO_SIGN }).count()).toBe(0);
    await doctor.look("co-sign-own");

    for (const scene of [colleague, otherTab]) {
      await scene.become(COLLEAGUE);
      await scene.page.goto(link);
      await scene.page.getByRole("radio").first().waitFor();
    }
    await colleague.look("co-sign-open");
    for (const scene of [colleague, otherTab]) {
      await openRecord(scene);
      await scene.page.getByText("血压 128/82.").waitFor();
      await scene.page.getByRole("button", { name: CO_SIGN }).waitFor();
    }
    await colleague.look("co-sign-form");
    await colleague.submit();
    const sheet = colleague.page.getByRole("dialog");
    await sheet.getByText(title, { exact: false }).waitFor();
    await sheet.getByText("Testerly Lane Clinic", { exact: false }).waitFor();
    await colleague.look("co-sign-signing");
    await colleague.sign();
    await colleague.page.getByText(CO_SIGNED).waitFor();
    expect(await colleague.page.getByRole("button", { name: CO_SIGN }).count()).toBe(0);
    await colleague.look("co-signed");

    // The author hears of it without reading it, and reads it by opening the record again.
    await doctor.page.getByRole("main").getByRole("link").first().click();
    await doctor.page.getByRole("link", { name: title, exact: false }).first().click();
    await doctor.page.getByText(/(was filed about this document|就这份文档归档了新的内容)/).waitFor();
    await doctor.look("co-signed-since");
    await doctor.page.getByRole("button", { name: /^(Open the record again|重新打开病历)$/ }).click();
    await openRecord(doctor);
    await doctor.page.getByText(CO_SIGNED).waitFor();
    await doctor.page.getByRole("main").getByRole("link").first().click();
    await doctor.page.getByRole("button", { name: /^(Close the record|关闭病历)$/ }).click();
    await doctor.page.getByRole("radio").first().waitFor();

    // The same colleague, in a tab that has not heard of it.
    await otherTab.submit();
    await otherTab.page.getByText(/^(You have co-signed this document already\.|您已经会签过这份文档。)$/).waitFor();
    await otherTab.look("co-sign-twice");

    const coSignature = patient.page.getByRole("link", { name: new RegExp(`(Co-signature: |会签：)Discharge ${setting.device}`) });
    await coSignature.waitFor();
    await patient.look("co-signature-timeline");
    await coSignature.click();
    await patient.page.getByText(CO_SIGNED).waitFor();
    await patient.look("co-signature-itself");
    await patient.page
      .getByRole("main")
      .getByRole("link", { name: /^(Show that document|查看该文档)$/ })
      .click();
    await patient.page.getByText("血压 128/82.").waitFor();
    await patient.page.getByText(CO_SIGNED).waitFor();
    await patient.look("co-signed-wallet");
    await patient.page.emulateMedia({ media: "print" });
    expect(await patient.page.getByText(CO_SIGNED).isVisible()).toBe(true);
    for (const scene of [doctor, colleague, otherTab, patient]) scene.expectClean();
  });

  it.each(settingsOf(chinesePhone))("under a prescription takes a licence in good standing ($device, $language)", async (setting) => {
    const [doctor, unlicensed, colleague] = [
      await stage.open(setting),
      await stage.open(setting),
      await stage.open({ ...setting, worker: "block" }),
    ];
    await doctor.become(DOCTOR);
    await openPatient(doctor);
    await doctor.page.locator("a[href$='/prescription']").click();
    const form = doctor.page.getByRole("main");
    await form.getByRole("combobox").first().fill(`Ramipril 2.5 mg ${setting.device}`);
    await form.getByLabel(/^(Dose|每次剂量)/).fill("1");
    await form.getByLabel(/^(Times a day|每日次数)/).fill("2");
    await form.getByLabel(/^(For how many days|用药天数)/).fill("10");
    await doctor.page.getByRole("checkbox", { name: ASK }).check();
    await doctor.look("co-sign-prescription-form");
    await doctor.submit();
    await doctor.sign();
    await doctor.page.getByRole("main").getByRole("img").waitFor();
    const link = await linkOf(doctor);

    await unlicensed.become(UNLICENSED);
    await unlicensed.page.goto(link);
    await openRecord(unlicensed);
    await unlicensed.page.getByText(/^(A prescription can only be co-signed|会签处方须持有)/).waitFor();
    expect(await unlicensed.page.getByRole("button", { name: CO_SIGN }).count()).toBe(0);
    await unlicensed.look("co-sign-unlicensed");

    await colleague.become(COLLEAGUE);
    await colleague.page.goto(link);
    const hurry = await slowDown(colleague);
    await openRecord(colleague);
    await colleague.page.getByRole("button", { name: CO_SIGN }).waitFor();
    // All that pushes the button down is there before it: somebody's press would meet something else.
    expect(await colleague.page.getByText(/^(Licensed to prescribe|开方者有执业资格)$/).isVisible()).toBe(true);
    expect(await colleague.page.getByRole("main").getByRole("status").count()).toBe(0);
    await hurry();
    await colleague.submit();
    await colleague.sign();
    await colleague.page.getByText(CO_SIGNED).waitFor();
    await colleague.page.getByText(/(with a licence in good standing|当时执业资格有效)/).waitFor();
    // Day and status in the reader's language, whatever the record's.
    await colleague.page.getByText(/(^[A-Z][a-z]+ \d+, \d{4} .* active$|^\d{4}年\d+月\d+日 .* 进行中$)/).waitFor();
    await colleague.look("co-signed-prescription");
    for (const scene of [doctor, unlicensed, colleague]) scene.expectClean();
  });

  it("is exported as Provenance, and told by the command line", async () => {
    const { document, by } = await fileNote();
    const coSignature = await coSign({ document, by: UNLICENSED });
    const bundle = await answer<JsonObject>(stage, "export", "--patient", PATIENT);
    const exported = resourcesOf(bundle).filter(({ resourceType }) => resourceType === "Provenance");
    expect(exported).toContainEqual(resourcesOf(coSignature.content)[1]);
    const shown = await tell("records", "show", document.objectId, "--as", PATIENT);
    expect(shown).toContain(`Co-signed by ${UNLICENSED} for ${HOSPITAL}`);
    expect(by).toBe(DOCTOR);
  });

  it.each(settingsOf(english))("that does not fit is told as such ($device, $language)", async (setting) => {
    const { document } = await fileNote();
    const forged = { ...document, content: { ...document.content, timestamp: "2020-01-01T00:00:00.000Z" } };
    await coSign({ document: forged, by: UNLICENSED });
    await coSign({ document, by: DOCTOR });
    await coSign({ document, by: UNLICENSED, inTheNameOf: COLLEAGUE });
    const scene = await stage.open(setting);
    await scene.become(PATIENT);
    await scene.page.goto(`/wallet/records/${document.objectId}`);
    await scene.page.getByText(NO_CO_SIGNATURE).nth(2).waitFor();
    expect(await scene.page.getByText(/^(Co-signed by|.* 已会签$)/).count()).toBe(0);
    await scene.look("co-signature-forged");
    scene.expectClean();
  });

  it.each(settingsOf(english))("is refused before it is signed, once access or document has gone ($device, $language)", async (setting) => {
    const [grant, erased, revoked] = [await giveAccess(OTHER_COLLEAGUE), await fileNote(), await fileNote()];
    const scene = await stage.open(setting);
    const { page } = scene;
    await scene.become(OTHER_COLLEAGUE);
    await page.goto(addressOf(revoked));
    await openRecord(scene);
    await page.getByRole("button", { name: CO_SIGN }).waitFor();
    const other = await stage.open(setting);
    await other.become(OTHER_COLLEAGUE);
    await other.page.goto(addressOf(erased));
    await openRecord(other);
    await other.page.getByRole("button", { name: CO_SIGN }).waitFor();

    const patient = await townAccount(stage, PATIENT);
    await submit(client(), { actors: [patient], messages: [{ type: "vault.erase", value: { objectIds: [erased.document.objectId] } }] });
    await other.submit();
    await other.page.getByText(/^(This document has been erased|您打开之后，这份文档已被删除)/).waitFor();

    await answer(stage, "revoke", grant, "--as", PATIENT);
    await scene.submit();
    await page.getByText(/^(Your access to this record has ended|您打开之后，您查看这份病历的权限已结束)/).waitFor();
    await scene.look("co-sign-no-access");

    await page.goto("/clinician/co-sign#patient=aa&document=bb");
    await page.getByText(/^(This link is damaged|这个链接已损坏)/).waitFor();
    await scene.look("co-sign-damaged");
    for (const one of [scene, other]) one.expectClean();
  });
});

const client = () => createClient({ url: stage.network.url });

/** What a verb prints for people. */
async function tell(...args: readonly string[]): Promise<string> {
  const own = { GALEN_URL: stage.network.url, GALEN_WALLET: `${stage.dataFolder}/wallet` };
  return (await runGalen([...args], { ...stage.environment, ...own })).stdout;
}

interface Written {
  readonly objectId: string;
  readonly content: JsonObject;
}

async function authorshipOf(name: string) {
  const [author, house, patient] = await Promise.all([stage.townPerson(name), stage.townPerson(HOSPITAL), stage.townPerson(PATIENT)]);
  return {
    writtenAt: Date.now(),
    uuid: crypto.randomUUID(),
    author: { account: author.account, name },
    organisation: { account: house.account, name: HOSPITAL },
    patient: patient.account,
  };
}

/** Files what somebody of the hospital writes, among the patient's general documents. */
async function file(name: string, content: JsonObject, relation?: NewDocument["relation"]): Promise<Written> {
  const [as, patient, { account: organisation }] = await Promise.all([
    townAccount(stage, name),
    townAccount(stage, PATIENT),
    stage.townPerson(HOSPITAL),
  ]);
  const objectId = bytesToHex(webRandom(32));
  const compartment = compartmentLabel(patient.keys.compartmentKey, "general");
  const document = { objectId, plaintext: writeJson(content), owner: patient.account, compartment, ...(relation && { relation }) };
  await fileDocuments(client(), { as, organisation, documents: [document] });
  return { objectId, content };
}

async function fileNote(): Promise<{ readonly document: Written; readonly by: string }> {
  const content = createNote({ ...(await authorshipOf(DOCTOR)), title: "Ward round", text: "Slept well." });
  return { document: await file(DOCTOR, content), by: DOCTOR };
}

interface CoSigning {
  readonly document: Written;
  readonly by: string;
  /** Whom it names as the one who signs; who files it unless given. */
  readonly inTheNameOf?: string;
}

async function coSign({ document, by, inTheNameOf = by }: CoSigning): Promise<Written> {
  const signed = { ...document, compartment: "general" } as const;
  const content = await createCoSignature({ ...(await authorshipOf(inTheNameOf)), title: "Co-signature", signed });
  return file(by, content, { kind: "statementOn", objectId: document.objectId });
}

function addressOf({ document }: { readonly document: Written }): string {
  const { identifier } = (resourcesOf(document.content)[0]!.subject ?? {}) as { readonly identifier: { readonly value: string } };
  return `/clinician/co-sign#patient=${identifier.value}&document=${document.objectId}`;
}
