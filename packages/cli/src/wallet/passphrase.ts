import { stderr, stdin } from "node:process";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { errors } from "../errors.ts";

/** The passphrase of the wallet from GALEN_PASSPHRASE, else typed at the terminal, where it is not shown. Throws Refusal cli/NoPassphrase. */
export function askPassphrase(question: string): Promise<string> {
  return ask(question, process.env.GALEN_PASSPHRASE);
}

/** Whether there is a passphrase of the wallet, or somebody who can type it. */
export function hasPassphrase(): boolean {
  return process.env.GALEN_PASSPHRASE !== undefined || stdin.isTTY;
}

/** The passphrase of a key file, which is another one than the wallet's: from GALEN_FILE_PASSPHRASE, else typed. */
export function askFilePassphrase(question: string): Promise<string> {
  return ask(question, process.env.GALEN_FILE_PASSPHRASE);
}

async function ask(question: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  if (!stdin.isTTY) throw errors.NoPassphrase();
  stderr.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: silence, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    stderr.write("\n");
  }
}
