import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { runGalen, startGalen } from "../galen-process.ts";
import { findChromium } from "./chromium.ts";

/** The pictures of the README, taken anew of a fresh sample town: `npm run pictures`. */
const PICTURES = join(import.meta.dirname, "../../docs/pictures");
/** Somebody with an allergy that a prescription does not go with. */
const DEMO = "Hespa Testerly";
const GRANTEES = ["Dr. Alwen Demowright", "Testerly Lane Clinic:clinician", "Makebury Pharmacy", "Placeholm Mutual"] as const;

const executablePath = findChromium();
if (!executablePath) process.exit(1);
const folder = await mkdtemp(join(tmpdir(), "galen-pictures-"));
await mkdir(PICTURES, { recursive: true });
const network = await startGalen(join(folder, "data"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });
try {
  await giveAccess();
  const context = await browser.newContext({
    baseURL: network.url,
    viewport: { width: 1200, height: 780 },
    locale: "en-GB",
    colorScheme: "light",
  });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByRole("combobox").fill(DEMO);
  await page.getByRole("option").first().click();
  await page.getByRole("heading", { name: "Medication" }).waitFor();
  await page.screenshot({ path: join(PICTURES, "records.png") });
  await page.goto("/wallet/access");
  await page.getByRole("heading", { name: "Open now" }).waitFor();
  await page.screenshot({ path: join(PICTURES, "access.png") });
  await page.goto(`/check#${await someRecord()}`);
  await page.getByRole("heading", { name: "This holds" }).waitFor();
  await page.screenshot({ path: join(PICTURES, "check.png") });
} finally {
  await browser.close();
  await network.kill();
  await rm(folder, { recursive: true, force: true });
}

function galen(...args: readonly string[]) {
  return runGalen([...args, "--json"], { GALEN_URL: network.url, GALEN_WALLET: join(folder, "data", "wallet") });
}

async function giveAccess(): Promise<void> {
  for (const [index, to] of GRANTEES.entries()) {
    const what = index % 2 === 0 ? ["--everything"] : ["--compartment", "general", "laboratory"];
    const { code, stdout } = await galen("grant", "--as", DEMO, "--to", to, ...what, "--until", `${30 * (index + 1)}d`);
    if (code !== 0) throw new Error(stdout);
  }
}

async function someRecord(): Promise<string> {
  const { stdout } = await galen("records", "list", "--as", DEMO);
  return (JSON.parse(stdout) as readonly { objectId: string }[])[0]!.objectId;
}
