import { stderr, stdin } from "node:process";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { errors } from "../errors.ts";

/** The passphrase from GALEN_PASSPHRASE, else typed at the terminal, where it is not shown. Throws Refusal cli/NoPassphrase. */
export async function askPassphrase(question: string): Promise<string> {
  const given = process.env.GALEN_PASSPHRASE;
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
