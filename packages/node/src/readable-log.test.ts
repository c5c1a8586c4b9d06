import { PassThrough } from "node:stream";
import { pino } from "pino";
import { expect, it } from "vitest";
import { readableLine, readableLines } from "./readable-log.ts";

/** What the logger writes. */
function logged(write: (logger: pino.Logger) => void): string {
  const stream = new PassThrough();
  write(pino({ level: "debug" }, stream));
  return String(stream.read() ?? "");
}

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

it("tells warnings and errors with their reasons, and what is no line of the log; everyday is left out", () => {
  const log = logged((logger) => {
    logger.info({ url: "http://127.0.0.1:8080" }, "serving");
    logger.warn({ height: 7 }, "a block is missing");
    logger.fatal({ err: new Error("no space left on device") }, "the engine stopped");
  });
  const lines = readableLines(`${log}The disk is full [system/ENOSPC]\n\n  path: data\n`);
  expect(lines).toEqual([
    expect.stringMatching(`^${TIME} warn: a block is missing height=7$`),
    expect.stringMatching(`^${TIME} fatal: the engine stopped: no space left on device$`),
    "The disk is full [system/ENOSPC]",
    "  path: data",
  ]);
});

it("tells an error once that the process tells again as it ends", () => {
  const log = logged((logger) => logger.fatal({ err: new Error("the disk is full") }, "the engine stopped"));
  expect(readableLines(`${log}The disk is full [engine/StorageFailed]\n`)).toEqual(["The disk is full [engine/StorageFailed]"]);
});

it("says on a terminal what a line at any level says, with what it carries", () => {
  const line = logged((logger) => logger.info({ url: "http://127.0.0.1:8080", peers: [1, 2] }, "serving")).trimEnd();
  expect(readableLine(line)).toMatch(new RegExp(`^${TIME} info: serving url=http://127.0.0.1:8080 peers=\\[1,2\\]$`));
  const hostile = logged((logger) => logger.warn({ peer: "\u001b[2J\nx", err: new Error("\u009b1A") }, "refused")).trimEnd();
  expect(readableLine(hostile)).toContain(String.raw`warn: refused: \u{9b}1A peer=\u{1b}[2J\u{a}x`);
  expect(readableLine('{"level":50,"time":1,"ms')).toBe('{"level":50,"time":1,"ms');
});

it.each([
  ["cut off", '{"level":50,"time":1,"ms'],
  ["of another program", '{"level":"error","msg":"x"}'],
  ["without a moment", '{"level":50,"msg":"x"}'],
  ["with a reason that is none", '{"level":50,"time":1,"msg":"x","err":{"message":1}}'],
  ["no object", "null"],
])("shows a line that is %s as it is", (_, line) => {
  expect(readableLines(line)).toEqual([line]);
});
