import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import type { Scene, Setting } from "./stage.ts";

// The library would fetch its code from elsewhere.
const wasm = fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"));
prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(readFileSync(wasm)).buffer } });

/**
 * Stricter than a good camera: squares darker than the half on a ground lighter than it, for a picture of a screen has no shadows to allow for; and no
 * light codes on dark, which not every camera reads.
 */
const READING: ReaderOptions = { formats: ["QRCode"], binarizer: "FixedThreshold", tryInvert: false };

/** The text of a code as it is drawn on the page, together with the sheet around it; the same in either light, or the test fails. */
export async function readShownCode({ page, setting }: Scene, code: Locator): Promise<string> {
  const inLight = await readIn("light");
  expect(await readIn("dark"), "the code in the dark").toBe(inLight);
  await page.emulateMedia({ colorScheme: setting.light });
  return inLight;

  async function readIn(light: Setting["light"]): Promise<string> {
    await page.emulateMedia({ colorScheme: light });
    await page.locator(`html[data-mantine-color-scheme=${light}]`).waitFor();
    // In the middle of the window no bar of the page covers it.
    await code.evaluate<void, { scrollIntoView(to: object): void }>((shown) => shown.scrollIntoView({ block: "center" }));
    const found = await readBarcodes(new Uint8Array(await code.locator("..").screenshot()), READING);
    expect(found, `codes that can be read, ${light}`).toHaveLength(1);
    return found[0]!.text;
  }
}
