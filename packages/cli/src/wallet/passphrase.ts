import { stderr, stdin } from "node:process";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Refusal } from "@galen/ledger/app/refusal";
import { KeyError } from "@galen/sdk/keys/key-error";
import { MIN_PASSPHRASE_LENGTH } from "@galen/sdk/keys/key-file";
import { errors } from "../errors.ts";

const WALLET_VARIABLE = "GALEN_PASSPHRASE";
const FILE_VARIABLE = "GALEN_FILE_PASSPHRASE";

/** The passphrase of the wallet from GALEN_PASSPHRASE, else typed at the terminal, where it is not shown. Throws Refusal cli/NoPassphrase, cli/NothingTyped. */
export function askPassphrase(question: string): Promise<string> {
  return ask(question, WALLET_VARIABLE);
}

/**
 * A passphrase under which the wallet, or a backup of keys, is to be locked: from GALEN_PASSPHRASE, else typed twice. Throws Refusal cli/NoPassphrase,
 * cli/NothingTyped, cli/BadPassphrase.
 */
export function choosePassphrase(question: string): Promise<string> {
  return choose(question, WALLET_VARIABLE);
}

/** The same for a new key file: from GALEN_FILE_PASSPHRASE, else typed twice. */
export function chooseFilePassphrase(question: string): Promise<string> {
  return choose(question, FILE_VARIABLE);
}

/** Whether there is a passphrase of the wallet, or somebody who can type it. */
export function hasPassphrase(): boolean {
  return process.env[WALLET_VARIABLE] !== undefined || stdin.isTTY;
}

/** What is in a backup's file of keys, which the wallet's variable opens. Throws as `openSealed` does. */
export function openBackedUp<T>(file: string, open: Open<T>): Promise<T> {
  return openSealed(file, "Passphrase of the keys in the backup: ", WALLET_VARIABLE, open);
}

/** What is in a key file, whose passphrase is another one than the wallet's: from GALEN_FILE_PASSPHRASE, else typed. Throws as `openSealed` does. */
export function openSealedFile<T>(file: string, open: Open<T>): Promise<T> {
  return openSealed(file, "Passphrase of the key file: ", FILE_VARIABLE, open);
}

type Open<T> = (passphrase: string) => Promise<T>;

/** Throws Refusal cli/NoPassphrase, cli/NothingTyped, cli/WrongFilePassphrase, and what else `open` throws. */
async function openSealed<T>(file: string, question: string, variable: string, open: Open<T>): Promise<T> {
  const passphrase = await ask(question, variable);
  try {
    return await open(passphrase);
  } catch (error) {
    if (error instanceof KeyError && error.code === "PasswordWrong") throw errors.WrongFilePassphrase({ file, variable });
    throw error;
  }
}

/** Why nothing that only the wallet's passphrase opens is known here. */
export function noPassphrase(variable = WALLET_VARIABLE): Refusal {
  return errors.NoPassphrase({ variable });
}

async function ask(question: string, variable: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined) return given;
  if (!stdin.isTTY) throw noPassphrase(variable);
  return typed(question);
}

async function choose(question: string, variable: string): Promise<string> {
  const chosen = await ask(question, variable);
  const isTyped = process.env[variable] === undefined;
  if (chosen.length < MIN_PASSPHRASE_LENGTH || (isTyped && (await typed("The same once more: ")) !== chosen)) throw errors.BadPassphrase();
  return chosen;
}

async function typed(question: string): Promise<string> {
  stderr.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: silence, terminal: true });
  try {
    return await terminal.question("");
  } catch {
    throw errors.NothingTyped(); // Ctrl-C, Ctrl-D
  } finally {
    terminal.close();
    stderr.write("\n");
  }
}
