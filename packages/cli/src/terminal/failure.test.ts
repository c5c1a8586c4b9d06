import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, status } from "@galen/sdk";
import { GalenError } from "@galen/sdk/client/galen-error";
import { CommanderError } from "commander";
import { expect, it, vi } from "vitest";
import { errors } from "../errors.ts";
import { createProgram } from "../program.ts";
import { type Failure, fail, failureOf, failureText } from "./failure.ts";

const missing = join(tmpdir(), "galen-no-such-folder", "file");

async function askNobody(): Promise<unknown> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return status(createClient({ url: `http://127.0.0.1:${port}` }));
}

async function readLinkToItself(): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "galen-links-"));
  const path = join(folder, "loop");
  await symlink(path, path);
  try {
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As the system gives it, which may be asked for no name where tests run. */
const noSuchHost = Object.assign(new Error("getaddrinfo ENOTFOUND nohost.invalid"), { code: "ENOTFOUND", syscall: "getaddrinfo" });

/** What these tests cannot provoke as root, or without harm to others. */
const denied = async (code: string) => Promise.reject(Object.assign(new Error(`${code}: no`), { code, path: "/place" }));

const cases: readonly (readonly [name: string, failing: () => Promise<unknown>, id: string, sentence: RegExp, details: object])[] = [
  ["a folder that is not there", () => writeFile(missing, ""), "system/ENOENT", /make it or name another/, { path: missing }],
  [
    "a file where a folder is to be made",
    () => mkdir("/dev/null", { recursive: true }),
    "system/EEXIST",
    /name another/,
    { path: "/dev/null" },
  ],
  ["a folder for a file", () => readFile(tmpdir()), "system/EISDIR", /name a file/, {}],
  ["a file for a folder", () => readFile("/dev/null/file"), "system/ENOTDIR", /name another/, { path: "/dev/null/file" }],
  ["a link to itself", () => readLinkToItself(), "system/ELOOP", /name another/, { path: expect.stringContaining("loop") }],
  ["a host that has no address", async () => Promise.reject(noSuchHost), "system/ENOTFOUND", /--host/, { reason: expect.any(String) }],
  ["what this user may not touch", () => denied("EPERM"), "system/EPERM", /change the rights/, { path: "/place" }],
  ["a place that can only be read", () => denied("EROFS"), "system/EROFS", /name another/, { path: "/place" }],
  ["an address of another machine", () => denied("EADDRNOTAVAIL"), "system/EADDRNOTAVAIL", /--host/, { path: "/place" }],
  ["too many open files", () => denied("EMFILE"), "system/EMFILE", /ulimit -n/, { path: "/place" }],
  [
    "a node where nothing listens",
    askNobody,
    "client/Unreachable",
    /check its address/,
    { reason: expect.stringContaining("ECONNREFUSED") },
  ],
  ["a sentence of our own", async () => Promise.reject(new Error("do this")), "cli/Failed", /^do this$/, {}],
  ["what nobody expected", async () => Promise.reject(new TypeError("x")), "cli/Internal", /GALEN_DEBUG=1/, {}],
];

it.each(cases)("tells %s in a sentence that says what to do", async (_, failing, id, sentence, details) => {
  const failure = failureOf(await failing().catch((error: unknown) => error));
  expect(failure).toMatchObject({ id, details });
  expect(failure.sentence).toMatch(sentence);
});

it.each([
  ["the disk is full; make room", "The disk is full; make room [x/Y]"],
  [
    "network/organisation-3/ledger belongs to a node that is running",
    "network/organisation-3/ledger belongs to a node that is running [x/Y]",
  ],
  ["galen.config.json: there is no setting port", "galen.config.json: there is no setting port [x/Y]"],
])("begins the sentence %j large, unless it begins with a name", (sentence, text) => {
  expect(failureText({ id: "x/Y", sentence, details: {} })).toBe(text);
});

it.each([
  ["cli/BadDate", errors.BadDate(), 2],
  ["cli/NoWallet", errors.NoWallet(), 1],
  ["commander's complaint", new CommanderError(1, "commander.unknownOption", "error: unknown option '--fast'"), 2],
  ["what nobody expected", new TypeError("x"), 1],
])("ends the process after %s with the exit code for it", (_, error, exitCode) => {
  const told = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  fail(error, { json: true });
  expect(process.exitCode).toBe(exitCode);
  expect(told).toHaveBeenCalledOnce();
  told.mockRestore();
  process.exitCode = undefined;
});

it.each([
  [["keys", "--json"], "a verb is missing before --json"],
  [["keys", "--json", "list"], "a verb is missing before --json"],
  [["keys"], "a verb is missing or unknown"],
  [["help", "frobnicate"], "a verb is missing or unknown"],
  [["keys", "list", "--jsn"], "unknown option '--jsn'\n(Did you mean --json?)"],
])("says of %j that %s", async (words, reason) => {
  const help = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const parsing = (await createProgram(words)).parseAsync(words, { from: "user" });
  const failure = failureOf(await parsing.catch((error: unknown) => error));
  help.mockRestore();
  expect(failure).toMatchObject({ id: "cli/NotUnderstood", details: { reason } });
});

const mayCount = { mayStillCount: expect.stringContaining("`galen verify ab`") as string };
it.each([
  ["a transaction whose answer is missing", "client/TimedOut", 504, "ab", mayCount],
  ["a transaction whose node shut down", "engine/Stopping", 503, "ab", mayCount],
  ["a transaction that came again to a busy node", "api/TooManyRequests", 429, "ab", mayCount],
  ["a transaction that was refused", "vault/NotOwner", 403, "ab", {}],
  ["a question", "client/TimedOut", 504, undefined, {}],
])("says of %s whether it may count all the same", (_, id, status, txHash, details) => {
  expect(failureOf(new GalenError({ id, status, sentence: "do the same again", txHash })).details).toEqual(details);
});

it("lets nothing that a node says act on the terminal", () => {
  const details = { "\u001b[1m": "\u001b[2Jgone", list: [{ of: "\u202egpj" }] } as unknown as Failure["details"];
  const text = failureText({ id: "x/\u009b31m", sentence: "Red \u001b[31m\nAll is well [x/Y]", details });
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
  expect(text.split("\n").filter((line) => !line.startsWith("  "))).toHaveLength(1);
  expect(text).toContain('list: [{"of":"');
});

it("keeps the lines of a fact together", () => {
  const text = failureText({ id: "x/Y", sentence: "no, not so", details: { log: "first\nsecond", port: 8_080 } });
  expect(text).toBe("No, not so [x/Y]\n  log: first\n    second\n  port: 8080");
});
