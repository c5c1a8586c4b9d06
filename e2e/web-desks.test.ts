import { readFile } from "node:fs/promises";
import { writeJson } from "@galen/gateway/fhir/json-value";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { webRandom } from "@galen/sdk/keys/random";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import type { NewDocument } from "@galen/sdk/records/seal-document";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { chinesePhone, english, settingsOf } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";
import { townAccount, trustingClient } from "./web/town-account.ts";

const SCRIPT = "<img src=x onerror=alert(1)>";
const stage = useStage();

/** What another tab does when this browser learns a patient's name, as text: this file is type-checked without a browser's names. */
const learnName = (account: string, name: string) => `new Promise((resolve) => {
  indexedDB.open("galen").onsuccess = ({ target: { result: database } }) => {
    const contacts = database.transaction("contacts", "readwrite").objectStore("contacts");
    contacts.put(${JSON.stringify({ account, name, part: "patient" })}).onsuccess = () => {
      database.close();
      new BroadcastChannel("galen").postMessage({ kind: "named" });
      resolve();
    };
  };
})`;

stories("a clinician", () => {
  it.each(settingsOf(english))(
    "opens a record for a purpose, writes a note, and is refused in words ($device, $language)",
    async (setting) => {
      const [scene, patient] = [await stage.open(setting), await stage.open(setting)];
      const { page, look } = scene;
      await patient.become("Alwen Sampleton");
      await patient.page.getByText("Hypertensive disorder", { exact: true }).waitFor();
      await scene.become("Dr. Alwen Demowright");
      await page.getByRole("link", { name: /Alwen Sampleton/ }).waitFor();
      await look("patients");
      await page.getByRole("link", { name: /Alwen Sampleton/ }).click();
      await page.getByRole("radio").first().waitFor();
      await look("purpose");
      const fastGroup = page.waitForResponse(/\/ristretto255-[^/]*\.wasm$/);
      await scene.submit();
      await page.getByRole("dialog").getByText("Sampleton", { exact: false }).first().waitFor();
      await look("read-signing");
      expect((await fastGroup).ok()).toBe(true);
      await scene.sign();
      await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
      await look("patient-record");
      const here = page.getByRole("navigation").locator("a[href='/clinician']");
      expect(await here.getAttribute("aria-current")).toBe("true");

      const fetched = patient.page.waitForRequest(/\/v1\/objects\/fetch$/);
      const title = `Telephone call ${setting.device} ${SCRIPT}`;
      await page.locator("a[href$='/note']").click();
      await page.getByRole("textbox").first().fill(title);
      await page.getByRole("textbox").last().fill("Feels better.\n血压 128/82.");
      await look("note-form");
      await scene.submit();
      await page.getByRole("dialog").getByText("Sampleton General Hospital").waitFor();
      await look("note-signing");
      await scene.sign();
      await page.getByRole("link", { name: title }).click();
      await page.getByText("血压 128/82.").waitFor();
      await look("note");

      await patient.page.getByRole("link", { name: title }).waitFor();
      // What is open there was not fetched again.
      expect((await fetched).postDataJSON().objectIds).toHaveLength(1);
      await patient.page.getByRole("link", { name: title }).click();
      await patient.page.getByText("血压 128/82.").waitFor();
      patient.expectClean();

      await page.goto("/clinician");
      await page.getByRole("link", { name: /Corvin Mockridge/ }).click();
      await page.getByRole("radio").first().waitFor();
      await scene.submit();
      await scene.sign();
      await page.getByRole("alert").waitFor();
      await look("refused");
      await page.locator("a[href*='/emergency#to=']").click();
      await page.getByRole("textbox").last().waitFor();
      scene.expectClean();
    },
  );

  it("is told which words are on file when the answer was lost, before others are filed", async () => {
    const scene = await stage.open({ ...english, worker: "block" });
    const { page } = scene;
    await scene.become("Dr. Alwen Demowright");
    await page.getByRole("link", { name: /Alwen Sampleton/ }).click();
    await page.getByRole("radio").first().waitFor();
    await scene.submit();
    await scene.sign();
    await page.locator("a[href$='/note']").click();
    const words = page.getByRole("textbox").last();
    await page.getByRole("textbox").first().fill("Warfarin");
    let aheadMs = 0;
    const sendInto = async (arrives: boolean) => {
      await page.route(/\/v1\/transactions/, async (route) => {
        if (arrives && route.request().method() === "POST") await route.fetch();
        await route.abort();
      });
      const looking = page.waitForRequest((request) => request.method() === "GET" && request.url().includes("/v1/transactions/"));
      await scene.submit();
      await scene.sign();
      await looking;
      // The ten seconds for which it is looked for go by.
      aheadMs += 11_000;
      await page.clock.setSystemTime(Date.now() + aheadMs);
      await page.getByRole("main").getByText("Check the connection and try again.", { exact: false }).waitFor();
      await page.unrouteAll({ behavior: "wait" });
    };

    // What never arrived is not on file.
    await words.fill("Take 100 mg every day.");
    await sendInto(false);
    await words.fill("Take 10 mg every day.");
    await sendInto(true);
    await words.fill("Take 1 mg every day.");
    await scene.submit();
    await page.getByText("An earlier version is on file, without your changes").waitFor();
    await page.getByRole("main").getByText("Take 10 mg every day.", { exact: true }).waitFor();
    expect(await page.getByText("Take 100 mg").count()).toBe(0);
    await scene.look("earlier-filed");

    // The correction is a document of its own. The same words, sent again, are the same one.
    await sendInto(true);
    await scene.submit();
    await page.waitForURL((url) => !url.pathname.endsWith("/note"));

    const patient = await stage.open(english);
    await patient.become("Alwen Sampleton");
    for (const { page } of [scene, patient]) {
      const filed = page.getByRole("link", { name: "Warfarin" });
      await filed.first().waitFor();
      expect(await filed.count()).toBe(2);
      const told: (string | null)[] = [];
      for (const place of [0, 1]) {
        await filed.nth(place).click();
        told.push(await page.getByText(/^Take \d+ mg every day\.$/).textContent());
        await page.goBack();
        await filed.first().waitFor();
      }
      expect(new Set(told)).toEqual(new Set(["Take 1 mg every day.", "Take 10 mg every day."]));
    }
  });

  it("reads all the same when the node serves another module to compute with, which is not run", async () => {
    const { page, become, sign, submit } = await stage.open({ ...english, worker: "block" });
    const empty = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    await page.route(/\/ristretto255-[^/]*\.wasm$/, (route) => route.fulfill({ body: empty, contentType: "application/wasm" }));
    await become("Dr. Alwen Demowright");
    await page.getByRole("link", { name: /Alwen Sampleton/ }).click();
    await page.getByRole("radio").first().waitFor();
    const served = page.waitForResponse(/\/ristretto255-[^/]*\.wasm$/);
    await submit();
    await served;
    await sign();
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
  });

  it("keeps what was typed for whom a link means when the name comes after it", async () => {
    const { page, become } = await stage.open(english);
    await become("Dr. Alwen Demowright");
    const account = "cd".repeat(32);
    await page.goto(`/clinician/ask#to=${account}`);
    const [patient, reason] = [page.getByRole("combobox"), page.getByRole("textbox").last()];
    await reason.fill("Cough since Monday");
    expect(await patient.inputValue()).toBe(account);
    await page.evaluate(learnName(account, "Somebody Late"));
    await expect.poll(() => patient.inputValue(), { timeout: 30_000 }).toBe("Somebody Late");
    expect(await reason.inputValue()).toBe("Cough since Monday");
  });

  it.each(settingsOf(chinesePhone))("reads in an emergency where the patient lets it ($device, $language)", async (setting) => {
    await answer(stage, "emergency", "allow", "--everything", "--as", "Marwen Trialby");
    const scene = await stage.open({ ...setting, worker: "block" });
    const { page, look } = scene;
    await scene.become("Dr. Alwen Demowright");
    await page.goto("/clinician/emergency");
    await page.getByRole("combobox").fill("Marwen Trialby");
    await page.getByRole("textbox").last().fill("short");
    await scene.submit();
    await page.getByText(/10/).last().waitFor();
    await page.getByRole("textbox").last().fill("Unconscious, brought in after a fall, medication unknown.");
    // What was typed in a hurry stays when this browser learns a name meanwhile, as from another tab.
    await page.evaluate(learnName("ab".repeat(32), "Somebody New"));
    await page.getByRole("combobox").fill("Somebody New");
    await page.getByText("ab".repeat(32)).waitFor();
    await page.getByRole("combobox").fill("Marwen Trialby");
    expect(await page.getByRole("textbox").last().inputValue()).toBe("Unconscious, brought in after a fall, medication unknown.");
    await look("emergency");
    await scene.submit();
    await page.getByRole("dialog").waitFor();
    await look("emergency-signing");
    const slow = Promise.withResolvers<void>();
    await page.route("**/v1/custody/shares", (route) => slow.promise.then(() => route.continue()));
    await scene.sign();
    // Nobody else is named while this record opens.
    await expect.poll(() => page.getByRole("combobox").isDisabled()).toBe(true);
    slow.resolve();
    await page.getByRole("blockquote").waitFor();
    await look("emergency-record");
    const saving = page.waitForEvent("download");
    await page.getByRole("blockquote").locator("..").getByRole("button").click();
    expect((await saving).suggestedFilename()).toBe("galen-emergency-reason.json");
    scene.expectClean();
  });

  it.each(settingsOf(english))("reads older documents in further uses ($device, $language)", async (setting) => {
    const patient = await townAccount(stage, "Marwen Trialby");
    const listed = () => answer<readonly unknown[]>(stage, "records", "list", "--as", "Marwen Trialby");
    const documents = Array.from({ length: 70 - (await listed()).length }, (_, day) => visit(patient, day));
    await fileDocuments(await trustingClient(stage), { as: patient, documents });
    await answer(stage, "emergency", "allow", "--everything", "--as", "Marwen Trialby");
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await scene.become("Dr. Alwen Demowright");
    await page.goto("/clinician/emergency");
    await page.getByRole("combobox").fill("Marwen Trialby");
    await page.getByRole("textbox").last().fill("Unconscious, brought in after a fall, medication unknown.");
    await scene.submit();
    await scene.sign();
    const older = page.getByText(/older documents are not among them|份较早的文档未打开/);
    await older.waitFor();
    await look("emergency-older");
    await page.locator("a[href$='/note']").click();
    await page.getByRole("textbox").first().fill(`Woke up ${setting.device}`);
    await page.getByRole("textbox").last().fill("Knows where he is.");
    await scene.submit();
    await scene.sign();
    await page.getByRole("button", { name: /^(Open older ones, in a further use|再紧急查看一次，打开较早的文档)$/ }).click();
    await scene.sign();
    await older.waitFor({ state: "detached" });
    await page.getByText(new RegExp(` ${(await listed()).length} (documents|份文档)`)).waitFor();
    expect(await page.getByRole("link", { name: `Woke up ${setting.device}` }).count()).toBe(1);
    const saving = page.waitForEvent("download");
    await page.getByRole("blockquote").locator("..").getByRole("button").click();
    const { releaseIds, reasonHash } = JSON.parse(await readFile(await (await saving).path(), "utf8"));
    const entries = await answer<readonly { releaseId: string; reasonHash?: string }[]>(stage, "log", "--as", "Marwen Trialby");
    for (const releaseId of releaseIds) expect(entries).toContainEqual(expect.objectContaining({ releaseId, reasonHash }));
    expect(releaseIds).toHaveLength(2);
    scene.expectClean();
  });
});

/** A small document of the patient's own. */
function visit({ account: owner, keys }: OwnAccount, day: number): NewDocument {
  const date = new Date(Date.UTC(2020, 0, day)).toISOString().slice(0, 10);
  const encounter = { resourceType: "Encounter", status: "finished", class: { code: "AMB" }, period: { start: date, end: date } };
  const plaintext = writeJson({ resourceType: "Bundle", type: "collection", entry: [{ resource: encounter }] });
  const compartment = compartmentLabel(keys.compartmentKey, "general");
  return { objectId: bytesToHex(webRandom(32)), plaintext, owner, compartment };
}
