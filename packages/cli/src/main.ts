import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { fail } from "./terminal/failure.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads only the beginning, as `head` does, has had enough. An answer that does not fit on the disk is none.
  if (error.code === "EPIPE") process.exit();
  fail(error, {});
});
// Progress and remarks that nobody takes any more end no work.
process.stderr.on("error", () => undefined);

try {
  const words = process.argv.slice(2);
  await (await createProgram(words)).parseAsync(words, { from: "user" });
} catch (error) {
  // Help or the version that was asked for ends the parsing too. What was not understood has no options that could be asked.
  if (!(error instanceof CommanderError && error.exitCode === 0)) fail(error, { json: process.argv.includes("--json") });
}
