import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { english } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const SCRIPT = "<img src=x onerror=alert(1)>";
const stage = useStage();

async function proofFile(): Promise<string> {
  const [first] = await answer<readonly { objectId: string }[]>(stage, "records", "list", "--as", "Alwen Sampleton");
  const file = join(stage.folder, "proof.json");
  await answer(stage, "verify", first!.objectId, "--save", file);
  return file;
}

/** One place of those that would have to be empty: not that an id names nothing. */
async function absenceFile(): Promise<string> {
  const file = join(stage.folder, "absent.json");
  await answer(stage, "verify", "ab".repeat(32), "--save", file);
  const { proofs, ...rest } = JSON.parse(await readFile(file, "utf8")) as { readonly proofs: readonly unknown[] };
  await writeFile(file, JSON.stringify({ ...rest, proofs: proofs.slice(0, 1) }));
  return file;
}

async function revokedGrant(): Promise<string> {
  const as = ["--as", "Alwen Sampleton"];
  const { grantId } = await answer<{ readonly grantId: string }>(stage, "grant", "--to", "Dr. Alwen Demowright", "--everything", ...as);
  await answer(stage, "revoke", grantId, ...as);
  return grantId;
}

stories("the check page", () => {
  it("tells what holds, what was altered, what does not exist, and needs no network for it", async () => {
    const file = await proofFile();
    const scene = await stage.open(english);
    const { page, context, look } = scene;
    const founding: string[] = [];
    page.on("request", (request) => void (request.url().endsWith("/v1/headers/1") && founding.push(request.url())));
    await page.goto("/check");
    await page.getByText("Drop a proof or a health card here").waitFor();
    await look("check");
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("heading", { name: "This holds" }).waitFor();
    expect(await page.getByRole("status").innerText()).toMatch(/Checked in \d+ ms/);
    expect(founding).toHaveLength(1);
    await look("check-holds");

    await page.getByRole("button", { name: "Check something else" }).click();
    const altered = join(stage.folder, "altered.json");
    const text = await readFile(file, "utf8");
    await writeFile(
      altered,
      text.replace(/"value": "(..)/, (_, byte: string) => `"value": "${byte === "00" ? "01" : "00"}`),
    );
    await page.locator("input[type=file]").setInputFiles(altered);
    await page.getByRole("heading", { name: "This does not hold" }).waitFor();
    await look("check-fails");

    await page.getByRole("button", { name: "Check something else" }).click();
    await page.getByLabel("Proof or id").fill(SCRIPT);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText("This is no proof file, no id and no health card.").waitFor();
    await page.getByLabel("Proof or id").fill("ab".repeat(32));
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByRole("heading", { name: "The ledger has nothing under this id" }).waitFor();

    await page.getByRole("button", { name: "Check something else" }).click();
    await page.locator("input[type=file]").setInputFiles(await absenceFile());
    await page.getByRole("heading", { name: "This proves that something is not on the ledger" }).waitFor();
    await look("check-absent-file");

    await page.getByRole("button", { name: "Check something else" }).click();
    await page.getByLabel("Proof or id").fill(await revokedGrant());
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByRole("heading", { name: "This was revoked" }).waitFor();
    await look("check-revoked");
    scene.expectClean();

    await page.getByRole("button", { name: "Check something else" }).click();
    await context.setOffline(true);
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("heading", { name: "This holds" }).waitFor();
    await page.getByText("Without a connection").waitFor();
  });
});
