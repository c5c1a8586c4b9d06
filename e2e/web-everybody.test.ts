import { join } from "node:path";
import { expect, it } from "vitest";
import { loadedBy } from "./web/phone.ts";
import { chinesePhone, english, englishPhone } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

/** Bytes of script, compressed by gzip, until a patient's records show; some kilobytes of them are the start page's, which the page fetches ahead. */
const MAX_FIRST_LOAD_BYTES = 227_000;
/** What comes over the wire until the start page is whole; times are for `npm run bench -- web`. */
const MAX_REQUESTS = 25;
const MAX_BYTES = 280_000;
/** Colour of the empty page. */
const GROUND = "getComputedStyle(document.body).backgroundColor";
const stage = useStage();

/** The height of a block with transactions. */
async function someFullBlock(): Promise<number> {
  for (let height = 2; ; height += 1) {
    const { txHashes } = (await (await fetch(`${stage.network.url}/v1/blocks/${height}`)).json()) as { txHashes: readonly string[] };
    if (txHashes.length > 0) return height;
  }
}

/** The length of an answer compressed by gzip; Chromium itself takes brotli, which is less. */
async function gzippedBytes(url: string): Promise<number> {
  const { headers } = await fetch(url, { method: "HEAD", headers: { "accept-encoding": "gzip" } });
  expect(headers.get("content-encoding")).toBe("gzip");
  return Number(headers.get("content-length"));
}

stories("everybody", () => {
  it.each([english, chinesePhone])("can look at the ledger ($device, $language)", async (setting) => {
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await page.goto("/explorer");
    await page.getByRole("main").getByRole("listitem").first().waitFor();
    await look("explorer");
    await page.goto(`/explorer/blocks/${await someFullBlock()}`);
    await page.getByRole("main").getByRole("listitem").first().waitFor();
    await look("block");
    await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
    await page.getByRole("main").getByRole("heading", { level: 3 }).first().waitFor();
    await look("transaction");
    await page.goto("/explorer/blocks/abc");
    await page.getByText(/^(Enter a block number, or an id of 64 characters\.|请输入区块号，或 64 个字符的编号。)$/).waitFor();
    await page.goto("/explorer/network");
    await page.getByRole("meter").waitFor();
    await look("network");
    scene.expectClean();
  });

  it("takes another's code from a picture when the camera is refused", async () => {
    const [patient, doctor] = [await stage.open(english), await stage.open(english)];
    for (const [scene, name] of [
      [patient, "Alwen Sampleton"],
      [doctor, "Dr. Alwen Demowright"],
    ] as const) {
      await scene.page.goto("/");
      await scene.page.getByRole("button", { name: new RegExp(name) }).click();
      await scene.page.getByRole("heading", { level: 1, name: /^Your (records|patients)$/ }).waitFor();
    }
    await doctor.page.goto("/wallet/code");
    const picture = join(stage.folder, "code.png");
    await doctor.page.getByRole("img", { name: /Your code/ }).screenshot({ path: picture });
    await patient.page.goto("/wallet/access/new");
    await patient.page.getByRole("button", { name: "Scan a code" }).click();
    await patient.page.getByText("The camera cannot be used.").waitFor();
    await patient.page.getByRole("dialog").locator("input[type=file]").setInputFiles(picture);
    await patient.page.getByText(/to Dr\. Alwen Demowright until/).waitFor();
    patient.expectClean();
  });

  it.each([
    ["dark", chinesePhone, "rgb(13, 18, 38)"],
    ["light", englishPhone, "rgb(244, 245, 250)"],
  ] as const)("sees the empty page as %s as the device before any script runs", async (_, setting, ground) => {
    const { page } = await stage.open({ ...setting, worker: "block" });
    await page.route("**/assets/*.js", (route) => route.abort());
    await page.goto("/");
    expect(await page.evaluate(GROUND)).toBe(ground);
  });

  it("sees the empty page in the appearance that was chosen by hand", async () => {
    const { page } = await stage.open({ ...englishPhone, worker: "block" });
    await page.goto("/");
    await page.getByRole("banner").getByRole("button").click();
    await page.getByRole("menuitem", { name: "Dark" }).click();
    // The page's own code never comes.
    await page.route(/\/assets\/(?!index-)[^/]*\.js$/, () => {});
    await page.reload({ waitUntil: "commit" });
    await page.locator("html[data-mantine-color-scheme=dark]").waitFor({ state: "attached" });
    expect(await page.locator("#root > *").count()).toBe(0);
    expect(await page.evaluate(GROUND)).toBe("rgb(13, 18, 38)");
    expect(await page.locator("head script[blocking=render]").count()).toBe(1);
  });

  it("sees the start page after few requests and few bytes, all from the node", async () => {
    const { page } = await stage.open({ ...englishPhone, worker: "block" });
    await page.goto("/");
    await page.getByRole("combobox", { name: /somebody else of the town/ }).waitFor();
    const loaded = await loadedBy(page);
    const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
    console.log(`the whole start page: ${loaded.length} requests, ${total} bytes`);
    expect(loaded.length).toBeLessThan(MAX_REQUESTS);
    expect(total).toBeLessThan(MAX_BYTES);
    expect(loaded.map(({ url }) => new URL(url).origin)).toEqual(loaded.map(() => stage.network.url));
  });

  it.each(["/", "/check", "/explorer"])("fetches what %s shows once", async (path) => {
    const { page } = await stage.open({ ...englishPhone, worker: "block" });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(path);
    await page.getByRole("heading").first().waitFor();
    const files = asked.filter((url) => url.includes("/assets/"));
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((url, at) => files.indexOf(url) < at)).toEqual([]);
    // The font with the page itself: words that are set in another one first move what stands below them.
    const font = 'performance.getEntriesByType("resource").find(({ name }) => name.includes("-latin-wght-"))';
    expect(await page.evaluate(`${font}.initiatorType`)).toBe("link");
  });

  it("can use the app where the browser lets pages store nothing, and is told what that means", async () => {
    const scene = await stage.open(english);
    const { page } = scene;
    await page.addInitScript(`{
      const refuse = () => { throw new DOMException("denied", "SecurityError"); };
      for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get: refuse });
      indexedDB.open = refuse;
    }`);
    await page.goto("/");
    await page.getByRole("button", { name: /Alwen Sampleton/ }).click();
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    await page.getByRole("alert").getByText("This browser keeps nothing for Galen").waitFor();
    // Nor does it stand before the menu, which locks.
    await page.getByRole("banner").getByRole("button").click();
    await page.getByRole("menuitem", { name: "Dark" }).click({ timeout: 5_000, trial: true });
    scene.expectClean();
  });

  it("gets the records with little script, and none of it altered", async () => {
    const scene = await stage.open({ ...englishPhone, worker: "block" });
    const { page } = scene;
    await page.goto("/");
    await page.getByRole("button", { name: /Alwen Sampleton/ }).click();
    await page.getByText("Hypertensive disorder", { exact: true }).waitFor();
    const opened = await scene.context.newPage();
    await opened.addInitScript(
      (account) => sessionStorage.setItem("galen.person", account),
      (await page.evaluate(() => sessionStorage.getItem("galen.person")))!,
    );
    // What a page loads when it has been quiet for a second is no part of its first load, and on a slow machine a second passes before that has ended.
    await opened.addInitScript(
      "{ const after = setTimeout; setTimeout = (act, ms, ...more) => after(act, ms >= 1_000 ? 60_000 : ms, ...more); }",
    );
    await opened.goto("/wallet");
    await opened.getByText("Hypertensive disorder", { exact: true }).waitFor();
    const scripts = await opened.evaluate<string[]>(
      'performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".js"))',
    );
    const total = (await Promise.all(scripts.map(gzippedBytes))).reduce((sum, bytes) => sum + bytes, 0);
    console.log(`first load of the wallet: ${scripts.length} scripts, ${total} bytes compressed`);
    expect(scripts.length).toBeGreaterThan(5);
    expect(total).toBeLessThan(MAX_FIRST_LOAD_BYTES);

    await opened.route(/\/assets\/index-.*\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\n//` });
    });
    await opened.goto("/check");
    await opened.waitForTimeout(1_000);
    expect(await opened.locator("#root").innerHTML()).toBe("");
  });
});
