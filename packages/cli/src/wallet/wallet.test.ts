import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outsideData } from "@galen/ledger/testing/outside-data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accountFromWords } from "./entry.ts";
import { accountOf, nameOf, requireEntry, requireOwnEntry } from "./look-up.ts";
import { addFreshKeys, addWords, createWallet, openWallet, type Wallet } from "./wallet.ts";

const PASSPHRASE = "between us";
const STRANGER = "ab".repeat(32);

let folder: string;
let wallet: Wallet;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-wallet-"));
  wallet = await createWallet(folder, PASSPHRASE);
  for (const name of ["Ada Example", "Bea Example", "Cleo Sample"]) await addFreshKeys(wallet, { name, kind: "person" });
  await wallet.put({ name: "Dr. Far", kind: "person", account: STRANGER });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a wallet", () => {
  it("comes back with its passphrase, names and words", async () => {
    const again = await openWallet(folder, PASSPHRASE);
    expect(again.entries()).toEqual(wallet.entries());
    const { words, account, kind } = requireOwnEntry(again, "Ada Example");
    expect((await accountFromWords(words, kind)).account).toBe(account);
  });

  it("stays closed to another passphrase", async () => {
    await expect(openWallet(folder, "guess")).rejects.toThrow("cli/WrongPassphrase");
  });

  it("shows no name and no word on the disk", async () => {
    const { words } = requireOwnEntry(wallet, "Ada Example");
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "utf8")),
    );
    for (const secret of ["Ada", "Example", words]) expect(texts.join("\n")).not.toContain(secret);
    // One short word alone may stand there by chance: "ring" is part of what LevelDB logs.
    expect(words.split(" ").filter((word) => texts.join("\n").includes(word)).length).toBeLessThan(6);
  });

  it("refuses an entry that was moved or changed", async () => {
    const [first, second] = wallet.entries();
    const path = (account: string) => join(folder, "entries", account);
    const kept = await readFile(path(first!.account));
    await writeFile(path(first!.account), await readFile(path(second!.account)));
    await expect(openWallet(folder, PASSPHRASE)).rejects.toThrow("cli/BrokenWallet");
    await writeFile(path(first!.account), kept);
    await expect(openWallet(folder, PASSPHRASE)).resolves.toBeDefined();
  });

  it.each([
    ["a name that is taken", "ada example", "cli/NameTaken"],
    ["no name", "", "cli/BadName"],
    ["a name with a line break", "Ada\nExample", "cli/BadName"],
    ["a name that looks like an account", "cd".repeat(32), "cli/BadName"],
    ["a name of 81 characters", "a".repeat(81), "cli/BadName"],
  ])("refuses %s", async (_, name, id) => {
    await expect(addFreshKeys(wallet, { name, kind: "person" })).rejects.toThrow(id);
  });

  it("sees what another process was writing when it was opened", async () => {
    const { account } = await addFreshKeys(wallet, { name: "Dora Between", kind: "person" });
    const path = join(folder, "entries", account);
    // As it stands when the write has told of itself, and the entry is not there yet.
    await rename(path, `${folder}/aside`);
    const opened = await openWallet(folder, PASSPHRASE);
    await rename(`${folder}/aside`, path);
    const seen = await opened.update((entries) => entries.find(({ name }) => name === "Dora Between") ?? entries[0]!);
    expect(seen.account).toBe(account);
  });

  it("sees what another process has written when it writes itself", async () => {
    const again = await openWallet(folder, PASSPHRASE);
    await addFreshKeys(wallet, { name: "Gus Otherwise", kind: "person" });
    await expect(addFreshKeys(again, { name: "Gus Otherwise", kind: "person" })).rejects.toThrow("cli/NameTaken");
    expect(again.entries()).toEqual(wallet.entries());
  });

  it("keeps what it knows of an account whose words come again", async () => {
    const hal = await addFreshKeys(wallet, { name: "Hal Otherwise", kind: "person", worksFor: STRANGER, patientIdentity: "hal" });
    const again = await addWords(wallet, { name: "Somebody", kind: "person", words: hal.words });
    expect(again).toEqual(hal);
    expect(requireEntry(wallet, "Hal Otherwise")).toEqual(hal);
    const elsewhere = await addWords(wallet, { name: hal.name, kind: "person", words: hal.words, worksFor: "cd".repeat(32) });
    expect(elsewhere).toEqual({ ...hal, worksFor: "cd".repeat(32) });
  });

  it("is made once, by whoever comes first", async () => {
    const shared = join(folder, "shared");
    const [one, other] = await Promise.all([createWallet(shared, PASSPHRASE), createWallet(shared, PASSPHRASE)]);
    for (const [name, made] of [
      ["Fay", one],
      ["Gil", other],
    ] as const)
      await addFreshKeys(made, { name, kind: "person" });
    expect((await openWallet(shared, PASSPHRASE)).entries()).toHaveLength(2);
    await expect(createWallet(shared, "guess")).rejects.toThrow("cli/WrongPassphrase");
  });

  it("refuses words that are none", async () => {
    await expect(addWords(wallet, { name: "Eve", kind: "person", words: "not twelve words" })).rejects.toMatchObject({
      code: "WordsInvalid",
    });
  });
});

const naughty = outsideData<string[]>("bad-inputs/naughty-strings.json") ?? [];

describe.skipIf(naughty.length === 0)(`${naughty.length} naughty strings`, () => {
  it("are refused as names, or are the names by which keys are found again", async () => {
    const path = join(folder, "naughty");
    const book = await createWallet(path, PASSPHRASE);
    const known = new Map<string, string>();
    for (const [index, name] of naughty.entries()) {
      const account = index.toString(16).padStart(64, "0");
      try {
        await book.put({ name, kind: "person", account });
        known.set(name, account);
      } catch (error) {
        expect(["cli/BadName", "cli/NameTaken"], name).toContain((error as { readonly kind?: { readonly id: string } }).kind?.id);
      }
    }
    expect(known.size).toBeGreaterThan(naughty.length / 2);
    const again = await openWallet(path, PASSPHRASE);
    for (const [name, account] of known) expect(accountOf(again, name), name).toBe(account);
  });
});

describe("looking up a name", () => {
  it("forgives case, and takes an account id as it is", () => {
    expect(requireEntry(wallet, "ADA EXAMPLE").name).toBe("Ada Example");
    expect(accountOf(wallet, "ef".repeat(32))).toBe("ef".repeat(32));
    expect(nameOf(wallet, STRANGER)).toBe("Dr. Far");
    expect(nameOf(wallet, "ef".repeat(32))).toBe("efefefefefef…");
  });

  it.each([
    ["Ada Exampel", "Ada Example"],
    ["example", "Ada Example | Bea Example"],
    ["Cloe Sample", "Cleo Sample"],
  ])("suggests for %s", (typed, didYouMean) => {
    expect(() => requireEntry(wallet, typed)).toThrow(expect.objectContaining({ details: { name: typed, didYouMean } }) as Error);
  });

  it("refuses a name that several have, and says whose it is", () => {
    const [one, other] = ["12".repeat(32), "34".repeat(32)].map((account) => ({ account, name: "Twin", kind: "person" }) as const);
    const book = { entries: () => [one!, other!] };
    const kind: unknown = expect.objectContaining({ id: "cli/AmbiguousName" });
    const details = { name: "twin", accounts: `${one!.account} | ${other!.account}` };
    expect(() => requireEntry(book, "twin")).toThrow(expect.objectContaining({ kind, details }) as Error);
    expect(requireEntry(book, other!.account)).toBe(other);
  });

  it("tells a name without keys from one that nobody has", () => {
    expect(() => requireOwnEntry(wallet, "Dr. Far")).toThrow("cli/NoKeys");
    expect(() => requireOwnEntry(wallet, "Somebody Else Altogether")).toThrow("cli/UnknownName");
  });
});
