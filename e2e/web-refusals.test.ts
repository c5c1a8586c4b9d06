import { expect, it } from "vitest";
import { chinesePhone, english } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const stage = useStage();
const BEHIND = { status: 503, title: "engine/Behind", detail: "the newest block is old: this node is catching up" };

stories("a refusal that is rarely met", () => {
  it.each([
    { ...english, words: "The network is catching up" },
    { ...chinesePhone, words: "网络正在追赶进度" },
  ])("is told in the words of the app ($device, $language)", async ({ words, ...setting }) => {
    const scene = await stage.open({ ...setting, worker: "block" });
    const { page, look } = scene;
    // The story stands between page and node: the node itself is well.
    await page.route("**/v1/transactions", (route) =>
      route.fulfill({ status: BEHIND.status, contentType: "application/problem+json", body: JSON.stringify(BEHIND) }),
    );
    await scene.become("Alwen Sampleton");
    await page.goto("/wallet");
    await page.locator("a[href*='/wallet/records/']").first().click();
    await page.getByRole("button", { name: /Erase this document|删除这份文档/ }).click();
    await page.getByRole("dialog").locator("button[data-autofocus]").click();
    // Whoever does not send it again hears why it was not taken.
    await page.getByRole("button", { name: /^(Leave it|不再发送)$/ }).click();
    await page.getByText(words).waitFor();
    expect(await page.getByText(BEHIND.detail).count()).toBe(0);
    await look("rare-refusal");
  });
});
