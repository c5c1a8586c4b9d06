import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askAccess } from "@galen/sdk/records/access-request";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { chinesePhone, english } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";
import { townAccount, trustingClient } from "./web/town-account.ts";

const PATIENT = "Alwen Sampleton";
const DOCTOR = "Dr. Alwen Demowright";
const SCRIPT = "<img src=x onerror=alert(1)>";
const stage = useStage();

/** The shortest time for an answer that the ledger takes, and a little for the way there. The last story lets it pass. */
const WINDOW_MS = 65_000;

let proof = "";
let link = "";
beforeAll(async () => {
  if (!stage.network) return;
  const [first] = await answer<readonly { objectId: string }[]>(stage, "records", "list", "--as", PATIENT);
  const file = join(stage.folder, "proof.json");
  await answer(stage, "verify", first!.objectId, "--save", file);
  proof = await readFile(file, "utf8");
  link = await askForMoments();
}, 120_000);

/** A request of the doctor's for everything, which the patient has a minute to answer, as the link in its code. */
async function askForMoments(): Promise<string> {
  const [as, { account: owner }] = await Promise.all([townAccount(stage, DOCTOR), stage.townPerson(PATIENT)]);
  const expiresAt = Date.now() + WINDOW_MS;
  const asked = await askAccess(await trustingClient(stage), {
    ...{ as, owner, wants: { kind: "everything" }, purposes: ["TREAT"], reason: SCRIPT },
    ...{ until: expiresAt + 86_400_000, expiresAt },
  });
  const fields = new URLSearchParams({ request: asked.proposalId, nonce: asked.reason.nonce, reason: SCRIPT });
  return `/wallet/requests#${fields.toString()}`;
}

/** The last digit of the first match, one bit off, in the case of the others. */
const flipped = (pattern: RegExp) =>
  proof.replace(pattern, (found) => {
    const digit = (Number.parseInt(found.at(-1)!, 16) ^ 1).toString(16);
    return found.slice(0, -1) + (/[A-F]/.test(found) ? digit.toUpperCase() : digit);
  });

const HOLDS = /^(This holds|属实)$/;
const FAILS = /^(This does not hold|不属实)$/;

stories("who holds a bad proof", () => {
  it.each([english, chinesePhone])("is told what it is, in words, and never that it holds ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    const rows: readonly (readonly [name: string, text: string, verdict: "fails" | "unjudged", words: RegExp])[] = [
      ["cut off", proof.slice(0, proof.length / 2), "fails", /no proof of Galen|不是 Galen 的证明/],
      ["a field more", proof.replace("{", '{"note": "holds",'), "fails", /no proof of Galen|不是 Galen 的证明/],
      ["of a later version", proof.replace('"version": 1', '"version": 2'), "unjudged", /newer version|更新版本/],
      ["of another network", proof.replaceAll(/("chain_?[iI]d": )"[^"]+"/g, '$1"another-town"'), "unjudged", /another network|另一个网络/],
      ["one bit of the value", flipped(/"value": "[0-9a-f]+/), "fails", /was changed|被改动/],
      ["one bit of the header", flipped(/"app_hash": "[0-9A-Fa-f]+/), "fails", /was changed|被改动/],
      ["a foreign signature", forgedSignature(proof), "fails", /wrong or too few|签名有误/],
    ];
    await page.goto("/check");
    for (const [name, text, verdict, words] of rows) {
      expect(text, `${name} changes nothing`).not.toBe(proof);
      const file = join(stage.folder, "bad.json");
      await writeFile(file, text);
      await page.locator("input[type=file]").setInputFiles(file);
      await expect.poll(() => page.getByRole("main").innerText(), { message: name, timeout: 20_000 }).toMatch(words);
      expect(await page.getByRole("heading", { name: FAILS }).count(), name).toBe(verdict === "fails" ? 1 : 0);
      expect(await page.getByRole("heading", { name: HOLDS }).count(), name).toBe(0);
      if (verdict === "unjudged") {
        await page.getByRole("heading", { name: /^(This cannot be judged here|这里无法判断)$/ }).waitFor();
        await look("check-unjudged");
      }
      await page.getByRole("button", { name: /^(Check something else|再验证一个)$/ }).click();
    }
    scene.expectClean();
  });

  it("is told that something else is none", async () => {
    const scene = await stage.open(english);
    const { page } = scene;
    for (const bytes of [Buffer.alloc(0), Buffer.from([0xff, 0xfe, 0, 1, 2]), Buffer.from(SCRIPT), Buffer.from("[]")]) {
      await page.goto("/check");
      await page.locator("input[type=file]").setInputFiles({ name: "garbage.json", mimeType: "application/json", buffer: bytes });
      await page.getByText("This is no proof file, no id and no health card.").waitFor();
    }
    const large = join(stage.folder, "large.json");
    await writeFile(large, Buffer.alloc(5_000_000, 0x20));
    await page.locator("input[type=file]").setInputFiles(large);
    await page.getByText("The file is larger than any proof.").waitFor();
    // As of a file that was changed or deleted after it was chosen.
    await page.evaluate('Blob.prototype.text = () => Promise.reject(new DOMException("changed", "NotReadableError"))');
    await page.locator("input[type=file]").setInputFiles({ name: "proof.json", mimeType: "application/json", buffer: Buffer.from(proof) });
    await page.getByText("The file could not be read. Choose it again.").waitFor();
    expect(await page.getByRole("heading", { name: HOLDS }).count()).toBe(0);
    scene.expectClean();
  });
});

/** The signature in the file, with the letters in another order. */
function forgedSignature(text: string): string {
  return text.replace(/("signature": )"([^"]+)"/, (_, name: string, signature: string) => {
    return `${name}"${signature.slice(0, 8).split("").reverse().join("")}${signature.slice(8)}"`;
  });
}

async function scanPicture(page: Page, file: string): Promise<void> {
  await page.getByRole("button", { name: "Scan a code" }).click();
  await page.getByText("The camera cannot be used.").waitFor();
  await page.getByRole("dialog").locator("input[type=file]").setInputFiles(file);
}

stories("who is shown a bad code", () => {
  it("gives nobody access by a picture without one or by a link in which a letter is another one", async () => {
    const scene = await stage.open(english);
    const { page, look } = scene;
    await scene.become(PATIENT);
    await page.goto("/wallet/access/new");
    const blank = join(stage.folder, "blank.png");
    await page.getByRole("heading", { level: 1 }).screenshot({ path: blank });
    await scanPicture(page, blank);
    await page.getByText("No code was found in the picture.").waitFor();
    await page
      .getByRole("dialog")
      .locator("input[type=file]")
      .setInputFiles({ name: "no.png", mimeType: "image/png", buffer: Buffer.from(SCRIPT) });
    await page.getByText("No code was found in the picture.").waitFor();
    await look("scan-nothing");
    expect(await page.getByRole("main").locator("button[type=submit]").isDisabled()).toBe(true);

    // One letter of the account is another one: the name in a link is what its bearer says, so that the account stands beside it.
    const { account } = await stage.townPerson(DOCTOR);
    const other = (account[0] === "0" ? "1" : "0") + account.slice(1);
    await page.goto(`/wallet/access/new#to=${other}&name=${encodeURIComponent(DOCTOR)}`);
    await page.getByText(other).waitFor();
    await look("code-altered");
    await page.locator("input[type=radio][value=everything]").check();
    const give = page.getByRole("main").locator("button[type=submit]");
    expect(await give.isDisabled()).toBe(true);
    await page.getByText("This account is not on the ledger.").waitFor();

    // An account that exists, under the name of somebody else: whoever forged it gets neither the name on the form nor on what is signed.
    const { account: forger } = await stage.townPerson("Corvin Mockridge");
    await page.goto(`/wallet/access/new#to=${forger}&name=${encodeURIComponent(DOCTOR)}`);
    await page.getByText("this browser knows somebody else by that name").waitFor();
    await page.locator("input[type=radio][value=everything]").check();
    await page.getByText(/to Corvin Mockridge until/).waitFor();
    await look("code-misnamed");
    await give.click();
    await page.getByRole("dialog").getByText("Who may read: “Corvin Mockridge”").waitFor();
    expect(await page.getByRole("dialog").getByText(DOCTOR).count()).toBe(0);
    scene.expectClean();
  });

  it("signs the name that this browser knows, and learns none from a link that was not signed", async () => {
    const { page, become } = await stage.open({ ...english, worker: "block" });
    await become(PATIENT);
    const { account } = await stage.townPerson(DOCTOR);
    const sheet = page.getByRole("dialog");
    async function askTo(name: string): Promise<void> {
      await page.goto("/wallet");
      await page.goto(`/wallet/access/new#to=${account}&name=${encodeURIComponent(name)}`);
      await page.locator("input[type=radio][value=everything]").check();
      await page.getByRole("main").locator("button[type=submit]").click();
    }
    await askTo("My family doctor");
    await sheet.getByText(`Who may read: “${DOCTOR}”`).waitFor();
    expect(await page.getByText("My family doctor").count()).toBe(0);

    // To a browser that knows nobody of the town the doctor is a stranger.
    await page.route("**/sample-town", (route) => route.abort());
    await askTo("My family doctor");
    await sheet.getByText("Who may read: “My family doctor”").waitFor();
    await sheet.getByRole("button", { name: "Do not sign" }).click();
    await sheet.waitFor({ state: "hidden" });
    await askTo("");
    await sheet.getByText("Who may read:").waitFor();
    expect(await page.getByText("My family doctor").count()).toBe(0);
  });
});

stories("who opens a bad link", () => {
  it.each([english, chinesePhone])("is told what is wrong with it, and how to go on ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await scene.become(PATIENT);
    const rows: readonly (readonly [name: string, link: string, words: RegExp])[] = [
      [
        "to a person, cut off",
        `/wallet/access/new#to=${(await stage.townPerson(DOCTOR)).account.slice(0, 40)}`,
        /This link is damaged|链接已损坏/,
      ],
      ["to new keys, cut off", `/wallet/help#recover=${"0".repeat(64)}&key=12`, /This code is damaged|二维码已损坏/],
      ["to a request, cut off", link.slice(0, 120), /link or code is damaged|链接或二维码已损坏/],
      ["to a request that is none", link.replace(/request=.{8}/, "request=00000000"), /link or code is damaged|链接或二维码已损坏/],
    ];
    for (const [name, address, words] of rows) {
      await page.goto(address);
      await expect.poll(() => page.getByRole("main").innerText(), { message: name, timeout: 20_000 }).toMatch(words);
    }
    await look("request-damaged");

    const stranger = await stage.open(setting);
    await stranger.become("Corvin Mockridge");
    await stranger.page.goto(link);
    await stranger.page.getByText(/this wallet cannot answer it|这个钱包不能答复/).waitFor();
    await stranger.look("request-of-another");
    stranger.expectClean();

    await stage.setAhead(WINDOW_MS);
    await page.clock.setSystemTime(Date.now() + WINDOW_MS);
    await page.goto("/wallet/settings");
    await page.goto(link);
    await page.getByText(/ended on .* without an answer|到期，无人答复/).waitFor();
    await look("request-ended");
    await page.getByRole("link", { name: /^(Give access to|授权给) / }).click();
    await page.waitForURL("**/wallet/access/new#**");
    expect(await page.getByRole("combobox").inputValue()).toBe(DOCTOR);
    scene.expectClean();
  });
});
