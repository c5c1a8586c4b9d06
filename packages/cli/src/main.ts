import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { printFailure } from "./terminal/failure.ts";

// Whoever reads only the beginning, as `head` does, has had enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

/** Exit code for a command line that was not understood. */
const NOT_UNDERSTOOD = 2;

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has printed its complaint or the help that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : NOT_UNDERSTOOD;
  else {
    printFailure(error, {});
    process.exitCode = NOT_UNDERSTOOD;
  }
}
