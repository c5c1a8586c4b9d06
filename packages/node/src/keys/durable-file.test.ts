import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileDurably } from "./durable-file.ts";

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

  it("leaves nothing when it cannot be written", async () => {
    await mkdir(join(folder, "taken", "inside"), { recursive: true });
    await expect(writeFileDurably(join(folder, "taken"), Buffer.from("text"))).rejects.toMatchObject({ code: "EISDIR" });
    expect(await readdir(folder)).toEqual(["taken"]);
  });
});
