import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { answer, PASSPHRASE } from "./web/command-line.ts";
import { cachedAddresses, keptTexts } from "./web/kept-texts.ts";
import { chinesePhone, english, englishPhone, type Scene } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const SCRIPT = "<img src=x onerror=alert(1)>";
const stage = useStage();

/** Restores a person of the town from a key file that the command line made. */
async function restore({ page }: Scene, name: string): Promise<void> {
  const file = join(stage.folder, `${name}.json`);
  await answer(stage, "keys", "export", name, "--file", file);
  await page.goto("/keys/restore");
  await page.getByRole("radio", { name: "Key file" }).check();
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByLabel("Passphrase of the file").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Go on" }).click();
  await lockWith(page);
}

async function lockWith(page: Page): Promise<void> {
  await page
    .getByLabel(/^Passphrase \*?$|^Passphrase$/)
    .first()
    .fill(PASSPHRASE);
  await page.getByLabel("Passphrase once more").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Lock with this passphrase" }).click();
  await page.getByRole("heading", { name: "Your records" }).waitFor();
}

stories("own keys", () => {
  it("are made in the browser, shown as what they are, and open at the command line", async () => {
    const scene = await stage.open(english);
    const { page, look } = scene;
    await page.goto("/keys/new");
    await page.getByLabel("Your name").fill(SCRIPT);
    await page.getByRole("button", { name: "Go on" }).click();
    await look("words");
    const words = (await page.getByRole("listitem").allTextContents()).join(" ");
    await page.getByLabel("I have written them down").check();
    await page.getByRole("button", { name: "Go on" }).click();
    await look("lock");
    await lockWith(page);
    await page.getByRole("heading", { name: "Your records" }).waitFor();
    await page.getByText("No records yet").waitFor();
    await page.getByText(SCRIPT).first().waitFor();
    await look("empty");

    await page.goto("/wallet/settings");
    await page
      .getByText(`${SCRIPT} is locked`)
      .or(page.getByRole("button", { name: "Unlock" }))
      .first()
      .waitFor();
    await look("locked");
    await page.getByRole("button", { name: "Unlock" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^Passphrase of/).fill("not the passphrase");
    await dialog.getByRole("button", { name: "Unlock" }).click();
    await dialog.getByText("The passphrase does not open these keys.").waitFor();
    await dialog.getByLabel(/^Passphrase of/).fill(PASSPHRASE);
    await dialog.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.getByRole("button", { name: /^Menu of/ }).click();
    await page.getByRole("menuitem", { name: "Lock" }).click();
    await page.getByRole("button", { name: "Unlock" }).click();
    await dialog.getByLabel(/^Passphrase of/).fill(PASSPHRASE);
    await dialog.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("heading", { name: "Your records" }).waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Your passphrase").fill(PASSPHRASE);
    await page.getByLabel("Passphrase for the file").fill(PASSPHRASE);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save a key file" }).click();
    const file = join(stage.folder, "from-browser.json");
    await (await saving).saveAs(file);
    const kept = await readFile(file, "utf8");
    // One short word alone may stand there by chance: "salt" is the name of a field.
    expect(words.split(" ").filter((word) => kept.includes(word)).length).toBeLessThan(6);

    const { account } = await answer<{ account: string }>(stage, "keys", "import", "From the browser", "--file", file);
    await page.getByText(account).waitFor();
    scene.expectClean();
  });

  it("get their account when they are unlocked, where the node was away when they were made", async () => {
    const scene = await stage.open({ ...english, worker: "block" });
    const { page } = scene;
    await page.goto("/keys/new");
    await page.getByLabel("Your name").fill("Newcomer");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByLabel("I have written them down").check();
    await page.getByRole("button", { name: "Go on" }).click();
    let sent = 0;
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/v1/transactions")) sent += 1;
    });
    await page.route(/\/v1\/transactions/, (route) => route.abort());
    for (const field of await page.locator("input[type=password]").all()) await field.fill(PASSPHRASE);
    await page.getByRole("button", { name: "Lock with this passphrase" }).click();
    const away = page.getByText("Check the connection and try again.", { exact: false });
    await away.waitFor();

    // The wallet is kept, and opens nothing as long as there is no account.
    await page.getByRole("link", { name: "Galen" }).first().click();
    const unlock = async () => {
      await page.getByRole("main").getByRole("button", { name: "Unlock" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(/^Passphrase of/).fill(PASSPHRASE);
      await dialog.getByRole("button", { name: "Unlock" }).click();
    };
    sent = 0;
    await unlock();
    await away.waitFor();
    expect(sent).toBeGreaterThan(0);
    await page.unrouteAll({ behavior: "wait" });
    sent = 0;
    await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("heading", { name: "Your records" }).waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    const [account] = /[0-9a-f]{64}/.exec(await page.getByRole("main").innerText())!;
    const answered = await fetch(`${stage.network.url}/v1/query/accounts.account?account=${account}`);
    expect(answered.status).toBe(200);
    expect(sent).toBe(1);

    // Now that it is there, nothing is sent for it any more.
    await page.goto("/");
    await unlock();
    await page.getByRole("heading", { name: "Your records" }).waitFor();
    expect(sent).toBe(1);
    scene.expectClean();
  });

  it("come from the command line, keep what was opened sealed, and open it without a network", async () => {
    const scene = await stage.open(englishPhone);
    const { page, context, look } = scene;
    await restore(scene, "Alwen Sampleton");
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    // The app is kept once the page stands.
    await page.evaluate("navigator.serviceWorker.ready");
    expect(await keptTexts(page)).not.toContain("Hypertensive");
    expect(await cachedAddresses(page)).not.toContainEqual(expect.stringMatching(/\/v1\/|\/sample-town$/));

    await context.setOffline(true);
    await page.reload();
    await page.getByRole("button", { name: "Unlock" }).click();
    await page
      .getByRole("dialog")
      .getByLabel(/^Passphrase of/)
      .fill(PASSPHRASE);
    await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    await page.getByText("You are offline.").waitFor();
    await look("offline");
  });

  it("are at hand without a network for somebody of the sample town, too", async () => {
    const { page, context, become, look } = await stage.open(englishPhone);
    await become("Alwen Sampleton");
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    await page.evaluate("navigator.serviceWorker.ready");

    await context.setOffline(true);
    await page.reload();
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    await page.getByText("You are offline.").waitFor();
    await look("offline-town");
  });

  it("are locked by a passkey that gives a secret, open to no other, and come back by words under a passphrase", async () => {
    const scene = await stage.open({ ...english, host: "localhost" });
    const { page, look } = scene;
    const devices = await virtualAuthenticators(page);
    await devices.plug({ hasPrf: false });
    await page.goto("/keys/new");
    await page.getByLabel("Your name").fill("Passkey Owner");
    await page.getByRole("button", { name: "Go on" }).click();
    const words = (await page.getByRole("listitem").allTextContents()).join(" ");
    await page.getByLabel("I have written them down").check();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Lock with a passkey instead" }).click();
    await page.getByText("Passkeys of this device cannot lock a wallet. Choose a passphrase instead.").waitFor();
    await look("passkey-refused");

    await devices.plug({ hasPrf: true });
    await page.getByRole("button", { name: "Lock with a passkey instead" }).click();
    await page.getByRole("heading", { name: "Your records" }).waitFor();
    expect(await keptTexts(page)).not.toContain(words.split(" ").slice(0, 3).join(" "));
    await page.reload();
    await unlockByPasskey(page);
    await page.getByRole("heading", { name: "Your records" }).waitFor();

    await page.reload();
    await devices.plug({ hasPrf: true });
    await unlockByPasskey(page);
    await page.getByRole("alert").getByText("No passkey answered.").waitFor();
    await look("passkey-away");

    await page.goto("/keys/restore");
    await page.getByLabel("Your name").fill("Passkey Owner");
    await page.getByLabel("The 24 words").fill(words);
    await page.getByRole("button", { name: "Go on" }).click();
    await lockWith(page);
    scene.expectClean();
  });
});

stories("who restores a wallet", () => {
  it("may press before the network is open, and goes on when it is", async () => {
    const { page, submit } = await stage.open({ ...english, worker: "block" });
    const { words } = await stage.townPerson("Corvin Mockridge");
    const pressed = Promise.withResolvers<void>();
    await page.route("**/v1/genesis", async (route) => {
      await pressed.promise;
      await route.continue();
    });
    await page.goto("/keys/restore");
    await page.getByLabel("Your name").fill("Corvin");
    await page.getByLabel("The 24 words").fill(words);
    await submit();
    await page.locator("button[data-loading]").waitFor();
    pressed.resolve();
    await lockWith(page);
  });

  it.each([english, chinesePhone])(
    "is told what is wrong with words, file or passphrase, and goes on with the right ones ($device, $language)",
    async (setting) => {
      const scene = await stage.open(setting);
      const { page, look, submit } = scene;
      const { words } = await stage.townPerson("Corvin Mockridge");
      const list = words.split(" ");
      const noWords = /These are not the 24 words|这不是有效的 24 个单词/;
      await page.goto("/keys/restore");
      await page.getByRole("textbox").first().fill("Corvin");
      const wrong: readonly (readonly [name: string, typed: string])[] = [
        ["one is missing", list.slice(1).join(" ")],
        ["one too many", `${words} ${list[0]}`],
        ["one is spelled wrongly", words.replace(list[5]!, `${list[5]}x`)],
        ["another language", "助 ".repeat(24)],
        ["a program", `${SCRIPT} ${words}`],
      ];
      for (const [name, typed] of wrong) {
        await page.locator("textarea").fill(typed);
        await submit();
        await expect.poll(() => page.getByRole("main").innerText(), { message: name, timeout: 20_000 }).toMatch(noWords);
        if (name === "a program") await look("restore-wrong-words");
        // Without what was said of these.
        await page.reload();
        await page.getByRole("textbox").first().fill("Corvin");
      }

      await page.locator("input[type=radio]").nth(1).check({ force: true });
      const good = join(stage.folder, `restore-${setting.device}.json`);
      await answer(stage, "keys", "export", "Corvin Mockridge", "--file", good);
      const text = await readFile(good, "utf8");
      const files: readonly (readonly [name: string, content: string | Buffer, passphrase: string, words: RegExp])[] = [
        ["wrong passphrase", text, "not the passphrase", /The passphrase does not open these keys|口令无法打开这些密钥/],
        ["cut off", text.slice(0, text.length / 2), PASSPHRASE, /This file is damaged|文件已损坏/],
        [
          "one digit",
          text.replace(/("data": ")(.)/, (_, field: string, digit: string) => field + (digit === "0" ? "1" : "0")),
          PASSPHRASE,
          /This file is damaged|文件已损坏/,
        ],
        ["of a later version", text.replace('"version": 1', '"version": 2'), PASSPHRASE, /newer version|更新版本/],
        ["another file", `{"note": "${SCRIPT}"}`, PASSPHRASE, /This file is damaged|文件已损坏/],
        ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), PASSPHRASE, /This file is damaged|文件已损坏/],
        ["nothing", "", PASSPHRASE, /This file is damaged|文件已损坏/],
      ];
      for (const [name, content, passphrase, said] of files) {
        const file = join(stage.folder, `${name}.json`);
        await writeFile(file, content);
        if (name !== "wrong passphrase") expect(content, name).not.toBe(text);
        await page.locator("input[type=file]").setInputFiles(file);
        await page.locator("input[type=password]").fill(passphrase);
        await submit();
        await expect
          .poll(() => page.getByRole("alert").allInnerTexts(), { message: name, timeout: 30_000 })
          .toContainEqual(expect.stringMatching(said));
        if (name === "one digit") await look("restore-damaged");
      }
      // Changed since it was chosen, as on a stick that was taken away.
      await writeFile(join(stage.folder, "nothing.json"), text);
      await submit();
      await page.getByText(/Choose it again|请重新选择/).waitFor();
      await page.locator("input[type=file]").setInputFiles(good);
      await page.locator("input[type=password]").fill(PASSPHRASE);
      await submit();
      await page.locator("input[type=password]").nth(1).waitFor();
      scene.expectClean();
    },
  );
});

/** Devices that answer for passkeys; plugging one in takes the one before away. */
async function virtualAuthenticators(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  let plugged: string | undefined;
  return {
    async plug({ hasPrf }: { readonly hasPrf: boolean }): Promise<void> {
      if (plugged !== undefined) await session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: plugged });
      const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
        options: {
          protocol: "ctap2",
          ctap2Version: "ctap2_1",
          transport: "internal",
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          hasPrf,
        },
      });
      plugged = authenticatorId;
    },
  };
}

async function unlockByPasskey(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Unlock" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Unlock with passkey" }).click();
}
