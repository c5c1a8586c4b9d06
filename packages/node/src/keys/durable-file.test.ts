import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearWorkshop, writeFileDurably } from "./durable-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-durable-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a durable file", () => {
  it("holds what was written last, for its owner's eyes", async () => {
    const path = join(folder, "key.json");
    for (const text of ["old", "new"]) await writeFileDurably(path, Buffer.from(text));
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["key.json"]);
  });

  it("may be written by several at once", async () => {
    const path = join(folder, "network.json");
    const texts = Array.from({ length: 20 }, (_, number) => `text ${number}`);
    await Promise.all(texts.map((text) => writeFileDurably(path, Buffer.from(text))));
    expect(texts).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["network.json"]);
  });

  it("is made in a workshop, from which what a killed process left is cleared", async () => {
    const workshop = join(folder, "workshop");
    await clearWorkshop(workshop);
    const names = ["key.json", "key.json.0123456789ab.part", "key.json.part"];
    for (const name of names) await writeFile(join(workshop, name), "text");
    await writeFileDurably(join(folder, "key.json"), Buffer.from("text"), workshop);
    expect(await readdir(folder)).toEqual(["key.json", "workshop"]);
    expect((await readdir(workshop)).toSorted()).toEqual(names);
    await clearWorkshop(workshop);
    expect((await readdir(workshop)).toSorted()).toEqual(["key.json", "key.json.part"]);
    await expect(writeFileDurably(join(folder, "key.json"), Buffer.from("text"), join(folder, "missing"))).rejects.toThrow("ENOENT");
  });

  it("leaves nothing when it cannot be written", async () => {
    await mkdir(join(folder, "taken", "inside"), { recursive: true });
    await expect(writeFileDurably(join(folder, "taken"), Buffer.from("text"))).rejects.toMatchObject({ code: "EISDIR" });
    expect(await readdir(folder)).toEqual(["taken"]);
  });
});
