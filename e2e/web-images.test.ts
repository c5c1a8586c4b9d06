import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Compartment, JsonObject } from "@galen/gateway";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { deriveObjectId } from "@galen/sdk/records/object-id";
import { expect, it } from "vitest";
import { findChromium } from "./web/chromium.ts";
import { answer, run } from "./web/command-line.ts";
import { readShownCode } from "./web/shown-code.ts";
import { chinesePhone, english } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";
import { townAccount, trustingClient } from "./web/town-account.ts";

const PATIENT = "Brisa Testerly";
const HOSPITAL = "Sampleton General Hospital";
const SCRIPT = "<img src=x onerror=alert(1)>";
/** A busy machine takes its time. */
const PATIENT_POLL = { timeout: 30_000 };
// One of the documents is shown by the viewer of PDF files.
const stage = useStage(findChromium());

/** A chunk of PNG (W3C PNG §5.3). */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, body, crc]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** A grey picture with a light disc, as a radiograph is. */
function png(size: number): Buffer {
  const rows = Array.from({ length: size }, (_, y) => {
    const pixels = Array.from({ length: size }, (__, x) => (Math.hypot(x - size / 2, y - size / 2) < size / 3 ? 210 : 40));
    return Buffer.from([0, ...pixels]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

/** One page that says something. */
function pdf(): Buffer {
  const drawing = "BT /F1 24 Tf 20 100 Td (Discharge letter) Tj ET";
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${drawing.length}>>stream\n${drawing}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  const body = objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join("");
  return Buffer.from(`%PDF-1.4\n${body}trailer<</Root 1 0 R>>\n%%EOF`);
}

const file = (contentType: string, data: Buffer | string, title: string) => ({
  resourceType: "Media",
  status: "completed",
  content: { contentType, data: Buffer.from(data).toString("base64"), title },
});

/** Files a document of the hospital for the patient; `area` names what it is about and where it lies. */
async function fileResources(area: Compartment, resources: readonly JsonObject[]): Promise<string> {
  const client = await trustingClient(stage);
  const [hospital, patient] = await Promise.all([townAccount(stage, HOSPITAL, "organisation"), townAccount(stage, PATIENT)]);
  const content = { resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) };
  const objectId = deriveObjectId(hospital.keys.compartmentKey, area);
  const compartment = compartmentLabel(patient.keys.compartmentKey, area);
  const plaintext = new TextEncoder().encode(JSON.stringify(content));
  await fileDocuments(client, { as: hospital, documents: [{ objectId, plaintext, owner: patient.account, compartment }] });
  return objectId;
}

/** A document with images, good and bad ones. */
function imagesDocument(): readonly JsonObject[] {
  const picture = png(300);
  return [
    { resourceType: "Composition", title: `Images ${SCRIPT}`, date: "2026-05-04" },
    file("image/png", picture, `Left hand ${SCRIPT}`),
    file("image/png", picture.subarray(0, 60), "Cut short"),
    file("image/png", Buffer.concat([picture.subarray(0, 8), picture.subarray(-12)]), "Without content"),
    file("image/png", "<script>alert(1)</script>", "Not an image"),
    file("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script></svg>", "Drawing"),
    file("text/html", "<script>alert(3)</script>", "Page"),
    file("text/plain", `Words ${SCRIPT}`, "Words"),
    file("application/pdf", pdf(), "Letter"),
    { resourceType: "Media", status: "completed", content: { contentType: "image/png", url: "https://tracker.example/x.png" } },
  ];
}

/** A document of which nothing stands, dated after all others. */
const retracted: readonly JsonObject[] = [
  { resourceType: "Composition", status: "entered-in-error", title: "A mix-up", date: "2026-06-01" },
  { resourceType: "AllergyIntolerance", code: { text: "Latex" } },
];

/** A document of what was not done and shall not be given. */
const notDone: readonly JsonObject[] = [
  { resourceType: "Composition", status: "final", title: "Left undone", date: "2026-06-02" },
  { resourceType: "Procedure", status: "not-done", code: { text: "Appendectomy" }, performedDateTime: "2026-06-02" },
  {
    resourceType: "MedicationRequest",
    status: "active",
    doNotPerform: true,
    medicationCodeableConcept: { text: "Warfarin" },
    authoredOn: "2026-06-02",
  },
];

/** A document of what its author only thinks to be so. */
const doubted: readonly JsonObject[] = [
  { resourceType: "Composition", status: "final", title: "First thoughts", date: "2026-06-03" },
  {
    ...{ resourceType: "Condition", code: { text: "Pneumonia" }, recordedDate: "2026-06-03" },
    ...{ clinicalStatus: { coding: [{ code: "active" }] }, verificationStatus: { coding: [{ code: "provisional" }] } },
  },
  {
    ...{ resourceType: "AllergyIntolerance", code: { text: "Peanut" }, verificationStatus: { coding: [{ code: "unconfirmed" }] } },
    reaction: [{ manifestation: [{ text: "Hives" }], severity: "severe" }],
  },
];

stories("a document with images", () => {
  it.each([english, chinesePhone])(
    "shows them from memory, runs nothing, and says what is damaged ($device, $language)",
    async (setting) => {
      const objectId = await fileResources("imaging", imagesDocument());
      const scene = await stage.open(setting);
      const { page, look } = scene;
      const dialogs: string[] = [];
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await scene.become(PATIENT);
      await page.goto(`/wallet/records/${objectId}`);
      const picture = page.getByRole("img", { name: `Left hand ${SCRIPT}` });
      await picture.waitFor();
      await expect.poll(() => picture.evaluate<number, { naturalWidth: number }>((shown) => shown.naturalWidth), PATIENT_POLL).toBe(300);
      await page.getByText(/a part of it is missing|缺少一部分/).waitFor();
      await page.getByText(/The image is damaged|图片已损坏/).waitFor();
      await page.getByText(/is not what it says it is|与其声称的类型不符/).waitFor();
      await page.getByText(/lies on another server|存放在另一台服务器/).waitFor();
      expect(await page.getByText(/can contain programs|可能包含程序/).count()).toBe(2);
      await page.getByText(`Words ${SCRIPT}`, { exact: true }).waitFor();
      const frames = () => page.frames().filter((frame) => frame.url().startsWith("blob:")).length;
      await expect.poll(frames, PATIENT_POLL).toBeGreaterThan(0);
      await look("images");
      await page.getByRole("button", { name: /^(Look at|查看) Left hand/ }).click();
      const sheet = page.getByRole("dialog");
      await sheet.locator("img").waitFor();
      const image = sheet.locator("img");
      const width = async () => (await image.boundingBox())!.width;
      const whole = await width();
      await sheet.getByRole("button", { name: /Larger|放大/ }).click();
      await expect.poll(width, PATIENT_POLL).toBeCloseTo(1.5 * whole, -1);
      await look("image");
      await sheet.getByRole("button", { name: /Fit the window|完整显示/ }).click();
      await expect.poll(width, PATIENT_POLL).toBeCloseTo(whole, -1);
      await page.keyboard.press("Escape");
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name: /^(Save|保存) Page/ }).click();
      expect((await saving).suggestedFilename()).toBe("Page.bin");
      expect(dialogs).toEqual([]);
      scene.expectClean();
    },
  );
});

stories("entries that do not tell of what is so", () => {
  it.each([english, chinesePhone])("stand in the record as what they are ($device, $language)", async (setting) => {
    const filed = [fileResources("general", retracted), fileResources("medication", notDone), fileResources("home", doubted)] as const;
    const [inError, undone, inDoubt] = await Promise.all(filed);
    const listed = await answer<readonly { objectId: string; isRetracted: boolean }[]>(stage, "records", "list", "--as", PATIENT);
    expect(listed.flatMap(({ objectId, isRetracted }) => (isRetracted ? [objectId] : []))).toEqual([inError]);
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await scene.become(PATIENT);
    await page.goto("/wallet");
    const entry = (objectId: string) => page.getByRole("main").locator(`a[href$="${objectId}"]`).first();
    await entry(inError)
      .getByText(/^(retracted|已撤回)$/)
      .waitFor();
    expect(
      await entry(undone)
        .getByText(/^(retracted|已撤回)$/)
        .count(),
    ).toBe(0);
    expect(await page.getByText(/Latex|Warfarin/).count(), "neither is an allergy nor medication").toBe(0);
    // The card of conditions and that of allergies.
    const fact = (name: string) => page.locator("main li").filter({ hasText: name }).first();
    await fact("Pneumonia")
      .getByText(/^(provisional|初步诊断)$/)
      .waitFor();
    await fact("Peanut")
      .getByText(/^(not confirmed|未确认)$/)
      .waitFor();
    await look("retracted");
    await page.getByRole("radio", { name: /^(By kind|按类别)$/ }).check();
    const line = (name: string) => page.getByRole("listitem").filter({ hasText: name });
    await line("Appendectomy")
      .getByText(/^(not done|未执行)$/)
      .waitFor();
    await line("Warfarin")
      .getByText(/^(not to be given|不得使用)$/)
      .waitFor();
    await look("not-done");
    await page.goto(`/wallet/records/${undone}`);
    await page.getByText(/^(not done|未执行) · .*Appendectomy/).waitFor();
    await look("undone");
    await page.goto(`/wallet/records/${inDoubt}`);
    await page.getByText(/^(not confirmed|未确认) · Peanut · Hives \((severe|重度)\)$/).waitFor();
    await look("doubted");
    scene.expectClean();
  });
});

const vaccinated = {
  resourceType: "Bundle",
  type: "collection",
  entry: [
    { resource: { resourceType: "Patient", name: [{ family: "Sampleton", given: ["Alwen"] }], birthDate: "1961-04-05" } },
    {
      resource: {
        resourceType: "Immunization",
        status: "completed",
        vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "140" }] },
        occurrenceDateTime: "2025-10-11",
      },
    },
  ],
};

stories("a SMART Health Card", () => {
  it("is issued by the hospital, shown by the patient as a code, and verified by whoever scans it", async () => {
    const files = ["vaccinated.json", "issuer-key.json", "jwks.json", "card.smart-health-card"].map((name) => join(stage.folder, name));
    const [bundle, key, jwks, out] = files as [string, string, string, string];
    await writeFile(bundle, JSON.stringify(vaccinated));
    await answer(stage, "health-card", "key", "--key", key, "--jwks", jwks);
    const terms = [
      "--key",
      key,
      "--issuer",
      "https://hospital.example/cards",
      "--out",
      out,
      "--patient",
      "Alwen Sampleton",
      "--as",
      HOSPITAL,
    ];
    // Nothing proves who filed what lies in a file: the hospital names what it vouches for.
    const unnamed = await run(stage, "health-card", "issue", bundle, ...terms);
    expect(JSON.parse(unnamed.stdout)).toMatchObject({ error: { id: "cli/NothingForCard" } });
    const ids = [...unnamed.stderr.matchAll(/^ {2}([0-9a-f]{12}) .*: nothing proves who filed it$/gm)].map(([, id]) => id!);
    expect(ids).toHaveLength(2);
    const issue = ["health-card", "issue", bundle, ...terms, "--include", ...ids];
    const { code, objectId } = await answer<{ code: string; objectId: string }>(stage, ...issue);
    for (const card of [out, code]) {
      const [verified] = await answer<{ issuer: string }[]>(stage, "health-card", "verify", card, "--jwks", jwks);
      expect(verified).toMatchObject({ issuer: "https://hospital.example/cards", types: expect.arrayContaining([expect.any(String)]) });
    }

    const scene = await stage.open(chinesePhone);
    const { page, look } = scene;
    await scene.become("Alwen Sampleton");
    await page.goto(`/wallet/records/${objectId}`);
    const picture = page.getByRole("img", { name: "SMART Health Card" });
    await picture.waitFor();
    await look("health-card");
    expect(await readShownCode(scene, picture)).toBe(code);
    scene.expectClean();
  });
});
