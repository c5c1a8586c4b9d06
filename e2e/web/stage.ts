import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { createMovableClock } from "../clock/movable-clock.ts";
import type { GalenNetwork } from "../galen-process.ts";
import { startTown } from "../sample-town.ts";

/** Where screenshots are left for those who look at them. */
const PICTURES = join(import.meta.dirname, "../../.cache/pictures");

/** Long for a page, short for whoever waits for a failing test. */
const PATIENCE_MS = 60_000;

/** How a story is told: on what, in which language, in which light. */
export interface Setting {
  readonly device: "desktop" | "phone";
  readonly language: "en" | "zh-CN";
  readonly light: "light" | "dark";
  /** `block`: without the offline shell, so that the story can stand between page and node. */
  readonly worker?: "block";
  /** By which name the node is called; by its address unless given. Passkeys need a name. */
  readonly host?: "localhost";
}

/** The settings in which most stories are told. */
export const english: Setting = { device: "desktop", language: "en", light: "light" };
export const englishPhone: Setting = { device: "phone", language: "en", light: "light" };
export const chinesePhone: Setting = { device: "phone", language: "zh-CN", light: "dark" };

/** A story takes a while: GALEN_EVERY_SETTING=1 tells each in two settings, otherwise in the one that is given. */
export const settingsOf = (usual: Setting) => (process.env.GALEN_EVERY_SETTING ? [english, chinesePhone] : [usual]);

/** Whom the town tells of. */
export interface TownPerson {
  readonly account: string;
  readonly name: string;
  readonly part: string;
  readonly words: string;
}

/** A sample town and a browser in front of it. */
export interface Stage {
  readonly network: GalenNetwork;
  readonly dataFolder: string;
  /** For files that stories make. */
  readonly folder: string;
  readonly browser: Browser;
  /** For commands that go by the town's clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Puts the clock of the town, of its commands and of windows that are opened from now on ahead of the true time. */
  setAhead(aheadMs: number): Promise<void>;
  /** The first of the town with this name or this part, such as `auditor`. */
  townPerson(nameOrPart: string): Promise<TownPerson>;
  /** A browser window of its own, with nothing in it; whatever breaks there fails the story. It is open until the story ends. */
  open(setting: Setting): Promise<Scene>;
  /** Closes the windows of a story. Of one that failed each leaves a picture, and what is read here: where it stood and what its page said. */
  closeWindows(failed: string | undefined): Promise<string>;
  close(): Promise<void>;
}

/** A window, and what went wrong in it. */
export interface Scene {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly setting: Setting;
  /** Takes the place of somebody of the town by typing the name on the start page. */
  become(name: string): Promise<void>;
  /** Sends the form of the page. */
  submit(): Promise<void>;
  /** Says yes on the sheet that shows the act, in any language, and waits until the sheet is gone. */
  sign(): Promise<void>;
  /** Takes a picture, and looks for what keeps people out (axe) and what does not fit the window. */
  look(name: string): Promise<void>;
  /** Fails if anything was refused by the content security policy, asked elsewhere than the node, or threw. */
  expectClean(): void;
}

const devices = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const;

/** Starts the town and the browser. */
export async function openStage(executablePath: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "galen-web-"));
  await mkdir(PICTURES, { recursive: true });
  const dataFolder = join(folder, "data");
  const args = ["--no-sandbox", "--disable-background-networking", "--use-fake-device-for-media-stream"];
  const clock = await createMovableClock(folder);
  let aheadMs = 0;
  const windows: Scene[] = [];
  const [network, browser] = await Promise.all([startTown(dataFolder, clock.environment), chromium.launch({ executablePath, args })]);
  return {
    network,
    dataFolder,
    folder,
    browser,
    environment: clock.environment,
    async setAhead(ms) {
      await clock.setAhead(network, ms);
      aheadMs = ms;
    },
    townPerson: (nameOrPart) => townPerson(network.url, nameOrPart),
    async open(setting) {
      const scene = await openScene(browser, setting.host ? network.url.replace("127.0.0.1", setting.host) : network.url, setting);
      if (aheadMs > 0) await scene.page.clock.setSystemTime(Date.now() + aheadMs);
      windows.push(scene);
      return scene;
    },
    async closeWindows(failed) {
      const told: string[] = [];
      for (const [index, scene] of windows.splice(0).entries()) {
        if (failed !== undefined) told.push(await tellWindow(scene, `failed-${failed}-${index + 1}`));
        await scene.context.close();
      }
      return told.join("\n");
    },
    async close() {
      await browser.close();
      await network.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function townPerson(url: string, nameOrPart: string): Promise<TownPerson> {
  const { people } = (await (await fetch(`${url}/sample-town`)).json()) as { people: readonly TownPerson[] };
  const found = people.find(({ name, part }) => name === nameOrPart || part === nameOrPart);
  if (!found) throw new Error(`nobody in the town is ${nameOrPart}`);
  return found;
}

async function openScene(browser: Browser, baseURL: string, setting: Setting): Promise<Scene> {
  const { device, language, light, worker = "allow" } = setting;
  const context = await browser.newContext({
    ...devices[device],
    baseURL,
    locale: language,
    colorScheme: light,
    reducedMotion: "reduce",
    serviceWorkers: worker,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  // An answer of 404 is an answer; the browser calls it an error all the same.
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== baseURL) faults.push(`asked ${url.origin}`);
  });
  return {
    context,
    page,
    setting,
    become: (name) => become(page, name),
    submit: () => page.getByRole("main").locator("button[type=submit]").click(),
    sign: () => sign(page),
    look: (name) => look(page, `${name}-${device}-${language}-${light}`),
    expectClean: () => expect(faults).toEqual([]),
  };
}

/** What somebody would have seen there who had looked. Never rejects: it is asked where something has failed already. */
async function tellWindow({ context, page }: Scene, name: string): Promise<string> {
  context.setDefaultTimeout(10_000);
  const path = join(PICTURES, `${name.replaceAll(/[^\p{Letter}\p{Number}]+/gu, "-")}.png`);
  await page.screenshot({ path }).catch(() => undefined);
  const text = await page.locator("body").ariaSnapshot().catch(String);
  return `window at ${page.url()}\n${text}`;
}

async function become(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("combobox").fill(name);
  const chooser = await page.getByRole("combobox").elementHandle();
  await page.getByRole("option").first().click();
  await page.waitForURL((url) => url.pathname !== "/");
  // The page before stays until the next one's code has come, and both may have such a field.
  await chooser.waitForElementState("hidden");
}

async function sign(page: Page): Promise<void> {
  const sheet = page.getByRole("dialog");
  await sheet.locator("button[data-autofocus]").click();
  await sheet.waitFor({ state: "hidden" });
}

async function look(page: Page, name: string): Promise<void> {
  // From the top, where the bar covers nothing.
  await page.evaluate("scrollTo(0, 0)");
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  const width = await page.evaluate<number>("document.documentElement.scrollWidth");
  expect(width, `${name} is wider than the window`).toBeLessThanOrEqual(page.viewportSize()!.width);
  // A page that is being drawn may stand half in one appearance: what counts is the one that stays.
  await expect.poll(() => barriers(page), { message: name, timeout: PATIENCE_MS }).toEqual([]);
}

/** What keeps people out, as axe sees it, in the page itself: the other way opens a second page for each look, for frames of other origins, and there are none. */
async function barriers(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode();
  const { violations } = await axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join()} ${failureSummary}`).join("; ")}`,
  );
}
