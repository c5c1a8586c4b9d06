import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJson } from "@galen/gateway/fhir/json-value";
import { parseCards } from "@galen/gateway/health-card/card-code";
import { issueHealthCard } from "@galen/gateway/health-card/issue-card";
import { issuerAddress, issuerSecretKey } from "@galen/gateway/health-card/ledger-issuer";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { toBase64Url } from "@galen/sdk/keys/es256-key";
import { webRandom } from "@galen/sdk/keys/random";
import { cardSigner } from "@galen/sdk/organisations/card-signer";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { readShownCode } from "./web/shown-code.ts";
import { chinesePhone, english, type Scene, settingsOf } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";
import { townAccount, trustingClient } from "./web/town-account.ts";

const HOSPITAL = "Sampleton General Hospital";
const PATIENT = "Pellan Mockridge";
const stage = useStage();

/** Opens the patient's record at the hospital's desk and puts its vaccinations on a card. */
async function issueAtDesk({ page, become, look, submit, sign }: Scene, onDraft: () => Promise<void> = async () => {}): Promise<void> {
  await become(HOSPITAL);
  await page.goto("/hospital/cards");
  const appoint = page.getByRole("button", { name: /appoint|任命/ });
  const patient = page.getByRole("link", { name: new RegExp(PATIENT) });
  await appoint.or(patient).waitFor();
  if (await appoint.isVisible()) {
    await look("cards-appoint");
    await appoint.click();
    await sign();
  }
  await patient.waitFor();
  await look("cards");
  await patient.click();
  await page.getByRole("button", { name: /Open the record|打开病历/ }).click();
  await sign();
  await page.getByRole("checkbox").nth(2).waitFor();
  await look("card-draft");
  await onDraft();
  await submit();
  await sign();
  await page
    .getByText(/The card is issued|健康卡已签发/)
    .first()
    .waitFor();
  await look("card-issued");
}

/** Shows a card to the public check page as a file, and waits for what it says. */
async function check({ page, look }: Scene, file: string, verdict: RegExp, picture?: string): Promise<void> {
  await page.goto("/check");
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByText(verdict).waitFor();
  if (picture !== undefined) await look(picture);
}

stories("a health card", () => {
  it.each(settingsOf(english))(
    "is issued at the hospital's desk, kept by the patient, and checked by anybody ($device, $language)",
    async (setting) => {
      const scene = await stage.open(setting);
      const { page, look } = scene;
      await issueAtDesk(scene);
      await scene.become(PATIENT);
      await page.goto("/wallet");
      await page.getByText("SMART Health Card").first().click();
      await page.getByText(/The card is genuine|健康卡真实有效/).waitFor();
      const code = page.getByRole("img", { name: "SMART Health Card" });
      await code.waitFor();
      await look("card-in-wallet");
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name: /^(Save|保存) SMART Health Card/ }).click();
      const saved = await saving;
      expect(saved.suggestedFilename()).toMatch(/\.smart-health-card$/);
      const file = join(stage.folder, `saved-${setting.device}.smart-health-card`);
      await saved.saveAs(file);
      expect(await answer(stage, "health-card", "verify", file)).toMatchObject([{ organisation: expect.any(String) }]);
      const shown = await readShownCode(scene, code);
      expect(parseCards(shown)).toEqual(parseCards(await readFile(file, "utf8")));
      // On paper the code and what stands on the card are left, and no buttons.
      await page.emulateMedia({ media: "print" });
      await page.getByRole("button", { name: /Print the card|打印健康卡/ }).waitFor({ state: "hidden" });
      await page.screenshot({ path: join(stage.folder, "print.png"), fullPage: true });
      expect(await readShownCode(scene, code)).toBe(shown);
      await page.emulateMedia({ media: "screen" });

      const stranger = await stage.open(setting);
      await check(stranger, file, /The card is genuine|健康卡真实有效/, "card-checked");
      stranger.expectClean();
      scene.expectClean();
    },
  );

  it.each(settingsOf(chinesePhone))(
    "that is forged, over, of a stranger or damaged is told from a genuine one ($device, $language)",
    async (setting) => {
      await answer(stage, "health-card", "appoint", "--as", HOSPITAL);
      const { keys, account } = await townAccount(stage, HOSPITAL, "organisation");
      const signer = cardSigner(keys);
      const [key, issuer] = [await issuerSecretKey(signer), issuerAddress("a.example", { organisation: account, signer: signer.account })];
      const bundle = { resourceType: "Bundle", entry: [{ resource: { resourceType: "Patient", name: [{ family: "<b>x</b>" }] } }] };
      const now = Date.now() - 60_000;
      const genuine = await issueHealthCard({ bundle, issuer, key, now });
      const [head, , mac] = genuine.split(".");
      const other = await issueHealthCard({ bundle: { ...bundle, id: "x" }, issuer, key, now });
      const cards: readonly (readonly [name: string, text: string, verdict: RegExp])[] = [
        ["genuine", genuine, /The card is genuine|健康卡真实有效/],
        ["forged", `${head}.${other.split(".")[1]}.${mac}`, /The card is forged|健康卡是伪造的/],
        ["over", await issueHealthCard({ bundle, issuer, key, now, validUntil: now + 1_000 }), /has expired|已过期/],
        ["early", await issueHealthCard({ bundle, issuer, key, now: now + 3_600_000 }), /not valid yet|尚未生效/],
        ["stranger", await issueHealthCard({ bundle, issuer: "https://a.example/cards", key, now }), /Nobody here knows|不认识签发者/],
        ["damaged", `${toBase64Url(new Uint8Array([1]))}.AA.AA`, /cannot be read|无法读取/],
      ];
      const scene = await stage.open(setting);
      for (const [name, jws, verdict] of cards) {
        const file = join(stage.folder, `${name}.smart-health-card`);
        await writeFile(file, JSON.stringify({ verifiableCredential: [jws] }));
        await check(scene, file, verdict, `card-${name}`);
        expect(await scene.page.getByText("<b>x</b>").count(), name).toBe(name === "genuine" ? 1 : 0);
      }
      scene.expectClean();
    },
  );

  it("does not vouch, unasked, for a vaccination that the patient wrote", async () => {
    const as = await townAccount(stage, PATIENT);
    const immunization = {
      resourceType: "Immunization",
      status: "completed",
      vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "184", display: "Yellow fever" }] },
      occurrenceDateTime: "2026-01-02",
      lotNumber: "SELFMADE",
    };
    const plaintext = writeJson({ resourceType: "Bundle", type: "collection", entry: [{ resource: immunization }] });
    const compartment = compartmentLabel(as.keys.compartmentKey, "general");
    const document = { objectId: bytesToHex(webRandom(32)), plaintext, owner: as.account, compartment };
    await fileDocuments(await trustingClient(stage), { as, documents: [document] });

    const scene = await stage.open(english);
    const { page } = scene;
    await issueAtDesk(scene, async () => {
      const own = page.getByRole("checkbox", { name: /SELFMADE/ });
      expect(await own.isChecked()).toBe(false);
      expect(await page.getByText("Filed by the patient").count()).toBe(1);
      expect(await page.getByRole("checkbox", { checked: true }).count()).toBe((await page.getByRole("checkbox").count()) - 1);
      expect(await page.getByText(`Filed by ${HOSPITAL}`).count()).toBe(await page.getByRole("checkbox").count());
    });
    await scene.become(PATIENT);
    await page.getByText("SMART Health Card").first().click();
    await page.getByText(/The card is genuine/).waitFor();
    expect(await page.getByText(/SELFMADE/).count()).toBe(0);

    interface Issued {
      readonly code: string;
      readonly leftOut: readonly { readonly id: string }[];
    }
    const issue = ["health-card", "issue", "--as", HOSPITAL, "--patient", PATIENT];
    const isOn = async (code: string) => JSON.stringify(await answer(stage, "health-card", "verify", code)).includes("SELFMADE");
    const { code, leftOut } = await answer<Issued>(stage, ...issue);
    expect(leftOut).toEqual([
      expect.objectContaining({ entry: expect.stringContaining("SELFMADE"), filedBy: "patient", author: as.account }),
    ]);
    expect(await isOn(code)).toBe(false);
    const named = await answer<Issued>(stage, ...issue, "--include", leftOut[0]!.id.slice(0, 12));
    expect(named.leftOut).toEqual([]);
    expect(await isOn(named.code)).toBe(true);
    scene.expectClean();
  });
});
