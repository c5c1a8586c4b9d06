import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { fail } from "./terminal/failure.ts";

// Whoever reads only the beginning, as `head` does, has had enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await createProgram().parseAsync();
} catch (error) {
  // Help or the version that was asked for ends the parsing too. What was not understood has no options that could be asked.
  if (!(error instanceof CommanderError && error.exitCode === 0)) fail(error, { json: process.argv.includes("--json") });
}
