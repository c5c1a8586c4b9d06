import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { sealKeyFile } from "./key-file.ts";
import { webRandom } from "./random.ts";
import { createSeedWords } from "./seed.ts";
import { openWordsFile, sealWordsFile } from "./words-file.ts";

const account = { words: createSeedWords(webRandom), name: "Ada 测试 <b>", kind: "person" } as const;

describe("a file of seed words", () => {
  it("gives back who was put in, under the password alone", async () => {
    const text = await sealWordsFile(account, "correct horse");

    expect(text).not.toContain("Ada");
    expect(await openWordsFile(text, "correct horse")).toEqual(account);
    await expect(openWordsFile(text, "wrong horse")).rejects.toMatchObject({ code: "PasswordWrong" });
  });

  it("says which account has these keys where guardians gave them to another", async () => {
    const recovered = { ...account, account: "ab".repeat(32) };
    expect(await openWordsFile(await sealWordsFile(recovered, "p"), "p")).toEqual(recovered);
  });

  it.each([
    ["a master key", Uint8Array.from({ length: 32 }, (_, index) => index), "KeyFileBroken"],
    ["another form", new TextEncoder().encode('{"words":1}'), "KeyFileBroken"],
    ["an unknown kind", new TextEncoder().encode(JSON.stringify({ ...account, kind: "ghost" })), "KeyFileBroken"],
    ["an account that is none", new TextEncoder().encode(JSON.stringify({ ...account, account: "../x" })), "KeyFileBroken"],
    ["words that are none", new TextEncoder().encode(JSON.stringify({ ...account, words: "one two three" })), "WordsInvalid"],
  ] as const)("refuses %s", async (_, secret, code) => {
    await expect(openWordsFile(await sealKeyFile(secret, "p"), "p")).rejects.toMatchObject({ code });
  });

  it("shows nothing of what another file holds, not even as a cause", async () => {
    const file = await sealKeyFile(new TextEncoder().encode(account.words), "p");
    const error: unknown = await openWordsFile(file, "p").catch((one: unknown) => one);
    expect(error).toMatchObject({ code: "KeyFileBroken" });
    expect(inspect(error)).not.toContain(account.words.slice(0, 8));
  });
});
