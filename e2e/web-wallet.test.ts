import { randomBytes } from "node:crypto";
import { GalenError } from "@galen/sdk/client/galen-error";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { grantsTo } from "@galen/sdk/records/known-grants";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { readGranted } from "@galen/sdk/records/read-granted";
import { expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { readShownCode } from "./web/shown-code.ts";
import { chinesePhone, english, englishPhone } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";
import { townAccount, trustingClient } from "./web/town-account.ts";

const stage = useStage();

/** Presses what signs as soon as it stands there, as the second press of a double click does; as text: this file is type-checked without a browser's names. */
const PRESS_AT_ONCE = `new MutationObserver((_, observer) => {
  const button = [...document.querySelectorAll("[role=dialog] button")].find(({ textContent }) => textContent === "Sign and send");
  if (!button) return;
  observer.disconnect();
  button.click();
  globalThis.hasPressedAtOnce = true;
}).observe(document.body, { childList: true, subtree: true })`;

/** Gives everybody of the town a name of eighty letters in this browser. */
const NAME_ALL_LONG = `(async () => {
  const { people } = await (await fetch("/sample-town")).json();
  const database = await new Promise((resolve) => Object.assign(indexedDB.open("galen"), { onsuccess: ({ target }) => resolve(target.result) }));
  const transaction = database.transaction(["people", "contacts"], "readwrite");
  const name = "X".repeat(80);
  for (const { words, ...person } of people) transaction.objectStore("contacts").put({ ...person, name });
  const own = transaction.objectStore("people");
  own.getAll().onsuccess = ({ target }) => target.result.forEach((person) => own.put({ ...person, name }));
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  database.close();
})()`;

/** A reader at a desk of its own, outside of the browser. */
async function readAs(reader: string, patient: string): Promise<number> {
  const [as, { account: owner }] = await Promise.all([townAccount(stage, reader), stage.townPerson(patient)]);
  const client = await trustingClient(stage);
  const [grant] = (await grantsTo(client, as)).filter((one) => one.owner === owner);
  const [newest] = await documentsOf(client, owner);
  const { opened } = await readGranted(client, { as, objectIds: [newest!.objectId], purpose: "TREAT", grantId: grant!.grantId });
  return opened.length;
}

stories("a patient", () => {
  it("sees all records beside a document that is none, and hears of it", async () => {
    const [as, owner] = await Promise.all(["Dr. Alwen Demowright", "Brisa Testerly"].map((name) => townAccount(stage, name)));
    const { account: organisation } = await stage.townPerson("Sampleton General Hospital");
    const document = {
      objectId: randomBytes(32).toString("hex"),
      plaintext: new TextEncoder().encode("%PDF-1.7 is no bundle"),
      owner: owner!.account,
      compartment: compartmentLabel(owner!.keys.compartmentKey, "general"),
    };
    await fileDocuments(await trustingClient(stage), { as: as!, organisation, documents: [document] });

    const { page, become } = await stage.open(english);
    await become("Brisa Testerly");
    await page.getByText("One document does not open. Ask whoever filed it.").waitFor();
    expect(await page.getByRole("main").locator("a[href*='/wallet/records/']").count()).toBeGreaterThan(0);
  });

  it.each([english, chinesePhone])("finds records, access, log and settings ($device, $language, $light)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await page.goto("/");
    const first = page.getByRole("button", { name: /Alwen Sampleton/ });
    await first.waitFor();
    await look("start");
    await first.click();

    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    await look("records");
    const [, measurements, kinds] = await page.getByRole("radio").all();
    await measurements!.check();
    await page
      .getByRole("main")
      .getByText(/Show all|显示全部/)
      .first()
      .waitFor();
    await look("measurements");
    await kinds!.check();
    await look("kinds");
    await page.goto("/wallet/access");
    await page
      .getByText(/Sampleton General Hospital/)
      .first()
      .waitFor();
    await look("access");
    await page.goto("/wallet/log");
    await page.getByText("Dr. Delphe Figmund").waitFor();
    await look("log");
    await page.goto("/wallet/code");
    await page.getByRole("img").waitFor();
    await look("code");
    const { account, name } = await stage.townPerson("Alwen Sampleton");
    const link = `${stage.network.url}/wallet/access/new#${new URLSearchParams({ to: account, name }).toString()}`;
    expect(await readShownCode(scene, page.getByRole("img"))).toBe(link);
    await page.goto("/wallet/settings");
    await page.getByText(/sample-town-/).waitFor();
    await look("settings");
    scene.expectClean();
  });

  it("keeps its pages as wide as a phone beside names of eighty letters", async () => {
    const scene = await stage.open(englishPhone);
    const { page, look } = scene;
    await scene.become("Alwen Sampleton");
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    await page.evaluate(NAME_ALL_LONG);
    for (const [address, heading] of [
      ["/wallet", "Your records"],
      ["/wallet/access", "Who can see your records"],
      ["/wallet/code", "Your code"],
    ] as const) {
      await page.goto(address);
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      await page.getByText(/X{80}/).filter({ visible: true }).first().waitFor();
      await look(`long-names${address.replaceAll("/", "-")}`);
    }
  });

  it("gives access after reading what it does, hears of the reading, and ends it after reading what that does", async () => {
    const scene = await stage.open(englishPhone);
    const { page, look } = scene;
    await scene.become("Brisa Testerly");
    await page.getByRole("heading", { name: "Medication" }).waitFor();
    await page.goto("/wallet/access/new");
    await page.getByRole("combobox", { name: "Who may read" }).fill("Dr. Alwen Demowright");
    await page.getByText("Everything, also what is added later").click();
    await page.getByText(/Opens everything, \d+ documents today, to Dr\. Alwen Demowright/).waitFor();
    await look("grant");
    await page.evaluate(PRESS_AT_ONCE);
    await page.getByRole("button", { name: "Look at it and sign" }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByText("Who may read: “Dr. Alwen Demowright”").waitFor();
    await sheet.getByText("Whose records: “Brisa Testerly”").waitFor();
    await look("signing");
    // A press that came before anybody could read is no answer: the sheet still asks.
    expect(await page.evaluate("globalThis.hasPressedAtOnce")).toBe(true);
    await sheet.getByRole("button", { name: "Sign and send" }).click();
    await page.getByRole("heading", { name: "Open now" }).waitFor();

    const [count] = await Promise.all([
      readAs("Dr. Alwen Demowright", "Brisa Testerly"),
      page.getByText("Dr. Alwen Demowright has just read your records").waitFor(),
    ]);
    expect(count).toBe(1);
    await look("heard");
    // What a hand rests on stays, and takes up what follows.
    await page.getByText("Dr. Alwen Demowright has just read your records").hover();
    await readAs("Dr. Alwen Demowright", "Brisa Testerly");
    await page.getByText("Your records were read 2 times").hover();
    await readAs("Dr. Alwen Demowright", "Brisa Testerly");
    await page.getByText("Your records were read 3 times").waitFor();
    await page.getByRole("alert").getByText("Dr. Alwen Demowright", { exact: true }).waitFor();
    expect(await page.getByText("has just read your records").count()).toBe(0);
    await look("heard-often");

    await page.getByRole("button", { name: /End access: Dr\. Alwen Demowright/ }).click();
    await sheet.getByText("End a grant at once").waitFor();
    await scene.sign();
    await page.getByText("Access of Dr. Alwen Demowright has ended").waitFor();
    await expect(readAs("Dr. Alwen Demowright", "Brisa Testerly")).rejects.toSatisfy(
      (error) => error instanceof GalenError && error.id === "release/GrantRevoked",
    );
    await page.getByText("Dr. Alwen Demowright tried to read your records").waitFor();
    scene.expectClean();
  });

  it("names a person, and nothing moves from under a finger when the ledger has told who that is", async () => {
    const scene = await stage.open({ ...english, worker: "block" });
    const { page } = scene;
    const { promise: late, resolve: comes } = Promise.withResolvers<void>();
    await page.route("**/v1/query/accounts.account?*", async (route) => {
      await late;
      await route.continue();
    });
    await scene.become("Alwen Sampleton");
    await page.goto("/wallet/access/new");
    await page.getByRole("main").getByRole("combobox").first().fill("Dr. Brisa Placeholm");
    const asked = page.waitForResponse(/accounts\.account/);
    await page.getByText(/^[0-9a-f]{64}$/).waitFor();
    const everything = page.getByRole("radio", { name: "Everything, also what is added later" });
    const before = await everything.boundingBox();
    await everything.check();
    const give = page.getByRole("main").locator("button[type=submit]");
    expect(await give.isDisabled()).toBe(true);
    comes();
    await asked;
    await expect.poll(() => give.isEnabled()).toBe(true);
    expect(await everything.boundingBox()).toEqual(before);
    scene.expectClean();
  });

  it("finds a form as it was after going back and forward, and an empty one after it was signed", async () => {
    const scene = await stage.open(english);
    const { page } = scene;
    await scene.become("Marwen Trialby");
    await page.getByRole("link", { name: "Access", exact: true }).click();
    await page.getByRole("link", { name: "Give access" }).click();
    const who = page.getByRole("combobox", { name: "Who may read" });
    const everything = page.getByRole("radio", { name: "Everything, also what is added later" });
    const licensed = page.getByRole("checkbox", { name: "Only with a valid licence to practise" });
    await who.fill("Dr. Brisa Placeholm");
    await everything.check();
    await licensed.check();
    await page.goBack();
    await who.waitFor({ state: "detached" });
    await page.goForward();
    await page.getByText(/Opens everything, .+ to Dr\. Brisa Placeholm/).waitFor();
    expect([await who.inputValue(), await everything.isChecked(), await licensed.isChecked()]).toEqual(["Dr. Brisa Placeholm", true, true]);

    await page.getByRole("button", { name: "Look at it and sign" }).click();
    await scene.sign();
    await page.getByRole("heading", { name: "Open now" }).waitFor();
    await page.goBack();
    await who.waitFor();
    expect([await who.inputValue(), await everything.isChecked(), await licensed.isChecked()]).toEqual(["", false, false]);
    scene.expectClean();
  });

  it("is asked about one act at a time, and goes on from each", async () => {
    const readers = ["Dr. Alwen Demowright", "Corvin Mockridge"];
    for (const name of readers) {
      const { account } = await stage.townPerson(name);
      await answer(stage, "grant", "--as", "Marwen Trialby", "--to", account, "--everything", "--until", "30d");
    }
    const scene = await stage.open(english);
    const { page } = scene;
    await scene.become("Marwen Trialby");
    await page.goto("/wallet/access");
    const ends = page.getByRole("button", { name: new RegExp(`End access: (${readers.join("|")})`) });
    await ends.nth(1).waitFor();
    const both = await ends.elementHandles();
    // Two presses before the sheet is there.
    await ends.evaluateAll((buttons) => {
      for (const button of buttons as unknown as readonly { click(): void }[]) button.click();
    });
    const sheet = page.getByRole("dialog");
    await sheet.getByText("End a grant at once").waitFor();
    // The one that is not asked about can be pressed again.
    await expect
      .poll(async () => (await Promise.all(both.map((button) => button.isEnabled()))).filter(Boolean).length, { timeout: 20_000 })
      .toBe(1);
    await scene.sign();
    await ends.nth(1).waitFor({ state: "detached" });

    await ends.click();
    await sheet.getByText("End a grant at once").waitFor();
    await sheet.getByRole("button", { name: "Do not sign" }).click();
    await expect.poll(() => ends.isEnabled(), { timeout: 20_000 }).toBe(true);
    scene.expectClean();
  });

  it("opens a child's records for the parent, with an entry in the child's log", async () => {
    const scene = await stage.open(englishPhone);
    const { page, look } = scene;
    await page.goto("/");
    await page.getByRole("button", { name: /Liorel Synthern/ }).click();
    await page.getByRole("radio", { name: "Kestra Makebury" }).check();
    await page.getByRole("button", { name: "Open the records of Kestra Makebury" }).click();
    await page.getByText("Allergy to penicillin").waitFor();
    await look("child");
    await page.getByRole("link", { name: /Home visit/ }).click();
    await page.getByRole("button", { name: "Check now" }).click();
    await page.getByText("Unchanged since it was filed").waitFor();
    await look("document");
    expect(await page.getByRole("button", { name: "Erase this document" }).count()).toBe(0);
    await page.getByRole("link", { name: "Who looked" }).click();
    await page.getByRole("radio", { name: "Kestra Makebury" }).check();
    await page.getByText(/Liorel Synthern read 4 documents/).waitFor();
    scene.expectClean();
  });

  it("loses and doubles nothing when the node is lost in the middle of a signature", async () => {
    const scene = await stage.open({ ...english, worker: "block" });
    const { page } = scene;
    await scene.become("Corvin Mockridge");
    await page.goto("/wallet/access/new");
    await page.getByRole("combobox", { name: "Who may read" }).fill("Dr. Brisa Placeholm");
    let [isAway, sent] = [false, 0];
    await page.route(/\/v1\/transactions/, async (route) => {
      // It arrives, and the answer does not come back.
      if (!isAway && route.request().method() === "POST" && sent === 0) await route.fetch();
      sent += 1;
      isAway = isAway || sent === 1;
      return isAway ? route.abort() : route.continue();
    });
    await page.getByRole("button", { name: "Look at it and sign" }).click();
    await page.getByRole("button", { name: "Sign and send" }).click();
    await page.getByText(/Nobody knows yet whether it counts/).waitFor();
    isAway = false;
    const again = page.getByRole("button", { name: "Send again" });
    const note = (await page.getByText("Nobody knows yet whether it counts.", { exact: false }).boundingBox())!;
    expect((await again.boundingBox())!.y - (note.y + note.height), "beside the words, not in them").toBeGreaterThan(24);
    await again.click();
    await page.getByRole("heading", { name: "Open now" }).waitFor();

    expect(await page.getByRole("button", { name: /End access: Dr\. Brisa Placeholm/ }).count()).toBe(1);
  });
});
