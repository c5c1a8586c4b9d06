import type { Page } from "playwright-core";
import type { Scene, Setting } from "./stage.ts";

/** Takes the place of somebody by typing the name on the start page. */
export async function become({ page }: Scene, name: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("combobox").fill(name);
  await page.getByRole("option").first().click();
  await page.waitForURL((url) => url.pathname !== "/");
}

/** Sends the form of the page. */
export const submit = (page: Page) => page.getByRole("main").locator("button[type=submit]").click();
/** The yes of the sheet that shows the act, in any language. */
export const sign = (page: Page) => page.getByRole("dialog").locator("button[data-autofocus]").click();

export const desktop: Setting = { device: "desktop", language: "en", light: "light" };
export const phone: Setting = { device: "phone", language: "zh-CN", light: "dark" };
/** A story takes a while: GALEN_EVERY_SETTING=1 tells each in both, otherwise half of them is told on a phone. */
export const settingsOf = (usual: Setting) => (process.env.GALEN_EVERY_SETTING ? [desktop, phone] : [usual]);
