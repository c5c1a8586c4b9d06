import { stderr, stdin } from "node:process";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Refusal } from "@galen/ledger/app/refusal";
import { errors } from "../errors.ts";

const WALLET_VARIABLE = "GALEN_PASSPHRASE";

/** The passphrase of the wallet from GALEN_PASSPHRASE, else typed at the terminal, where it is not shown. Throws Refusal cli/NoPassphrase. */
export function askPassphrase(question: string): Promise<string> {
  return ask(question, WALLET_VARIABLE);
}

/** Whether there is a passphrase of the wallet, or somebody who can type it. */
export function hasPassphrase(): boolean {
  return process.env[WALLET_VARIABLE] !== undefined || stdin.isTTY;
}

/** The passphrase of a key file, which is another one than the wallet's: from GALEN_FILE_PASSPHRASE, else typed. Throws Refusal cli/NoPassphrase. */
export function askFilePassphrase(question: string): Promise<string> {
  return ask(question, "GALEN_FILE_PASSPHRASE");
}

/** Why nothing that only the wallet's passphrase opens is known here. */
export function noPassphrase(variable = WALLET_VARIABLE): Refusal {
  return errors.NoPassphrase({ variable });
}

async function ask(question: string, variable: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined) return given;
  if (!stdin.isTTY) throw noPassphrase(variable);
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
