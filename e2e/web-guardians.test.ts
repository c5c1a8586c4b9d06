import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { answer, PASSPHRASE } from "./web/command-line.ts";
import { readShownCode } from "./web/shown-code.ts";
import { chinesePhone, englishPhone, type Scene, type Setting } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const DAY_MS = 86_400_000;
const [OWNER, ANN, BOB] = ["Alwen Sampleton", "Brisa Testerly", "Corvin Mockridge"] as const;
/** The third guardian. */
const DECOY = "Liorel Synthern";
const darkDesktop: Setting = { device: "desktop", language: "en", light: "dark" };
const stage = useStage();

async function addGuardian(page: Page, name: string): Promise<void> {
  await page.getByRole("combobox", { name: "Somebody whom you trust" }).fill(name);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("button", { name: `Take out ${name}` }).waitFor();
}

/** Names three, the second by the enter key and the third without adding. Neither the owner nor one who is named can be added. */
async function nameGuardians({ page, look }: Scene): Promise<void> {
  const field = page.getByRole("combobox", { name: "Somebody whom you trust" });
  const add = page.getByRole("button", { name: "Add" });
  await field.fill(OWNER);
  await page.getByText("You cannot be your own guardian.").waitFor();
  await addGuardian(page, ANN);
  await field.fill(ANN);
  await page.getByText("This guardian is named already.").waitFor();
  expect(await add.isDisabled()).toBe(true);
  await look("guardians-twice");
  await field.fill(BOB);
  await page.getByText((await stage.townPerson(BOB)).account).waitFor();
  await field.press("Enter");
  await page.getByRole("button", { name: `Take out ${BOB}` }).waitFor();
  await field.fill(DECOY);
  await page.getByText((await stage.townPerson(DECOY)).account).waitFor();
}

/** A guardian opens the link that the owner has sent, compares the digits and approves. */
async function helpByLink({ page, sign }: Scene, { link, digits }: { readonly link: string; readonly digits: string }): Promise<void> {
  await page.goto("/wallet/help");
  await page.getByLabel("The code, or its link").fill(link);
  await page.getByText(digits).waitFor();
  await page.getByLabel(/the digits are the same/).check();
  await page.getByRole("main").getByRole("button", { name: "Look at it and sign" }).click();
  await sign();
  await page.getByText("You have approved.").waitFor();
}

interface OwnersKeys {
  readonly keys: readonly unknown[];
  readonly threshold: number;
  readonly recordKey: string;
}

interface Begun {
  readonly words: string;
  readonly link: string;
  readonly digits: string;
}

/** Begins anew in an empty browser, up to the page that is shown to the guardians. */
async function beginRestoring(scene: Scene): Promise<Begun> {
  const { page, look } = scene;
  await page.goto("/keys/restore");
  await page.getByRole("radio", { name: "Guardians" }).check();
  await page.getByRole("link", { name: "Go on" }).click();
  await page.getByRole("combobox", { name: "Your account" }).fill(BOB);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("This account has no guardians").waitFor();
  await look("recover-unguarded");
  await page.getByRole("button", { name: "Name another account" }).click();
  await page.getByRole("combobox", { name: "Your account" }).fill(OWNER);
  await look("recover-who");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("2 of 3 guardians must help").waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabel("I have written them down").waitFor();
  await look("recover-words");
  const words = (await page.getByRole("listitem").allTextContents()).join(" ");
  await page.getByLabel("I have written them down").check();
  await page.getByRole("button", { name: "Go on" }).click();
  await lock(page);
  await page.getByText("0 of 2 guardians have helped.").waitFor();
  await look("recover-waiting");
  const digits = await page.getByText(/^\d{4}( \d{4}){4}$/).textContent();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy the link" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const link = String(await page.evaluate("navigator.clipboard.readText()"));
  expect(await readShownCode(scene, page.getByRole("img", { name: "Show this to your guardians" }))).toBe(link);
  return { words, link, digits: digits! };
}

async function lock(page: Page): Promise<void> {
  const [passphrase, again] = [page.getByLabel(/^Passphrase \*?$|^Passphrase$/).first(), page.getByLabel("Passphrase once more")];
  await passphrase.fill(PASSPHRASE);
  await again.fill(PASSPHRASE);
  await page.getByRole("button", { name: "Lock with this passphrase" }).click();
}

/** An empty browser after the delay, with the words and nothing else. */
async function enterWords(words: string, setting: Setting, { isHidden = false } = {}): Promise<Scene> {
  const scene = await stage.open(setting);
  const { page } = scene;
  // A node that tells of no account with the keys.
  if (isHidden) await page.route(/\/v1\/accounts\?/, (route) => route.fulfill({ json: { height: 1, items: [] } }));
  await page.goto("/keys/restore");
  await page.getByRole("textbox").first().fill(OWNER);
  await page.locator("textarea").fill(words);
  // The window is a day ahead of the node's `date`, which the movable clock does not move. The notice of it comes over the button: not while that is pressed.
  await page.getByText(/The clock of this device seems to be wrong|这台设备的时钟似乎不准/).waitFor();
  await scene.submit();
  return scene;
}

stories("guardians", () => {
  it("are named, raise an alarm that one press ends, and bring back keys and records after the delay", async () => {
    const [owner, ann, bob, lost] = [
      await stage.open(englishPhone),
      await stage.open(darkDesktop),
      await stage.open(englishPhone),
      await stage.open(englishPhone),
    ];
    await owner.become(OWNER);
    await owner.page.goto("/wallet/guardians");
    await owner.page.getByText("You have no guardians").waitFor();
    await owner.look("guardians-none");
    await owner.page.getByRole("button", { name: "Choose guardians" }).click();
    await nameGuardians(owner);
    await owner.page.getByText("one day", { exact: true }).click();
    await owner.look("guardians-form");
    await owner.page.getByRole("button", { name: "Look at it and sign" }).click();
    await owner.page.getByRole("dialog").getByText("2 of 3 guardians together can replace them").waitFor();
    await owner.sign();
    await owner.page.getByText("2 of 3 together give new keys. Then you have one day to object.").waitFor();
    await owner.look("guardians");

    const request = await beginRestoring(lost);
    await ann.become(ANN);
    await bob.become(BOB);
    await bob.page.goto("/wallet/guardians");
    await bob.page.getByText("Needs no help at present.").waitFor();
    await bob.page.getByRole("button", { name: "Show the code" }).click();
    const { account } = await stage.townPerson(OWNER);
    const wardsLink = `${stage.network.url}/wallet/access/new#${new URLSearchParams({ to: account, name: OWNER }).toString()}`;
    expect(await readShownCode(bob, bob.page.getByRole("dialog").getByRole("img", { name: OWNER }))).toBe(wardsLink);
    await bob.look("guarded-code");
    await bob.page.keyboard.press("Escape");
    await ann.page.goto(request.link);
    await ann.page.getByText(request.digits).waitFor();
    await ann.look("help");
    await helpByLink(ann, request);
    await bob.page.getByText(`${OWNER} needs help with new keys`).waitFor();
    await bob.page.getByText(`New keys are proposed for ${OWNER}`).waitFor();
    expect(await bob.page.getByText(request.digits).count()).toBe(1);
    await bob.look("guarded");
    await lost.page.getByText("1 of 2 guardians have helped.").waitFor();

    const alarm = owner.page.getByRole("dialog");
    await alarm.getByText("Somebody wants to replace your keys").waitFor();
    await alarm.getByText("Stop every recovery of an account").waitFor();
    await owner.look("alarm");
    await alarm.getByRole("button", { name: "Stop it: my keys stay" }).click();
    await alarm.waitFor({ state: "hidden" });
    await lost.page.getByText("0 of 2 guardians have helped.").waitFor();

    await helpByLink(ann, request);
    await bob.page.getByLabel(/the digits are the same/).check();
    await bob.page.getByRole("main").getByRole("button", { name: "Look at it and sign" }).click();
    await bob.sign();
    await lost.page.getByText(/Enough have helped/).waitFor();
    await lost.look("recover-due");
    await stage.setAhead(DAY_MS + 60_000);
    await lost.page.clock.setSystemTime(Date.now() + DAY_MS + 60_000);
    await answer(stage, "keys", "create", "A day has passed");
    await lost.page.getByText("Your account has its new keys").waitFor();
    await lost.look("recover-through");
    await lost.page.getByLabel(/^Passphrase/).fill(PASSPHRASE);
    await lost.page.getByRole("button", { name: "Open my records" }).click();
    await lost.page.getByText("Hypertensive disorder", { exact: true }).waitFor();

    await lost.page.goto("/");
    await lost.page.getByRole("button", { name: "Unlock" }).click();
    await lost.page
      .getByRole("dialog")
      .getByLabel(/^Passphrase/)
      .fill(PASSPHRASE);
    await lost.page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await lost.page.getByRole("link", { name: "Who looked" }).click();
    await lost.page.getByText(`${OWNER} read`).first().waitFor();

    const device = await enterWords(request.words, englishPhone);
    await lock(device.page);
    await device.page.getByText("Hypertensive disorder", { exact: true }).waitFor();

    // Somebody gives an account of theirs the owner's keys, to be taken for the owner's.
    const { account: decoy } = await stage.townPerson(DECOY);
    const { result } = await answer<{ result: OwnersKeys }>(stage, "query", "accounts.account", "--account", account);
    const { keys, threshold, recordKey } = result;
    const value = JSON.stringify({ account: decoy, keys, threshold, recordKey });
    await answer(stage, "tx", "accounts.rotateKeys", "--as", DECOY, "--value", value);
    const [doubting, careful] = [await enterWords(request.words, chinesePhone), await enterWords(request.words, darkDesktop)];
    for (const { page, look } of [doubting, careful]) {
      await page.getByLabel(account).waitFor();
      expect(await page.getByRole("radio").count()).toBe(2);
      await look("restore-several");
    }
    await careful.page.getByLabel(account).check();
    await careful.submit();
    await lock(careful.page);
    await careful.page.getByText("Hypertensive disorder", { exact: true }).waitFor();

    const [lied, liedChinese] = [
      await enterWords(request.words, { ...englishPhone, worker: "block" }, { isHidden: true }),
      await enterWords(request.words, { ...chinesePhone, worker: "block" }, { isHidden: true }),
    ];
    await lied.page.getByText("cannot prove that there is none").waitFor();
    await lied.page.getByRole("button", { name: "Go on with a new account" }).waitFor();
    await lied.look("restore-none");
    await lied.page.getByLabel("I know my account's number").check();
    const number = lied.page.getByRole("textbox", { name: "Account number" });
    await number.fill((await stage.townPerson(ANN)).account);
    await lied.submit();
    await lied.page.getByText("The ledger has no account of this number").waitFor();
    await lied.look("restore-number");
    await number.fill(account.toUpperCase());
    await lied.submit();
    await lock(lied.page);
    await lied.page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    await liedChinese.page.getByText(/它无法证明确实没有/).waitFor();
    await liedChinese.look("restore-none");
    for (const scene of [owner, ann, bob, lost, device, doubting, careful, lied, liedChinese]) scene.expectClean();
  });
});
