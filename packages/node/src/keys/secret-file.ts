import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { writeFileDurably } from "./durable-file.ts";

const SECRET_BYTES = 32;

/**
 * The secret of 32 bytes in a JSON file; made at random, and on the disk before this resolves, when the file is not there. Only its owner may
 * read the file. Throws Error with a sentence when the file holds anything else.
 */
export async function openSecretFile(path: string): Promise<Uint8Array> {
  const text = await readIfThere(path);
  if (text !== undefined) return parseSecret(path, text);
  const secret = Uint8Array.from(randomBytes(SECRET_BYTES));
  await writeFileDurably(path, Buffer.from(`${JSON.stringify({ secret: bytesToHex(secret) })}\n`));
  return secret;
}

/** The text of a file, undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseSecret(path: string, text: string): Uint8Array {
  const secret = hexToBytes(/^\s*\{\s*"secret"\s*:\s*"([0-9a-f]{64})"\s*\}\s*$/.exec(text)?.[1] ?? "");
  if (secret?.length !== SECRET_BYTES)
    throw new Error(`the file ${path} holds no key; restore it from the backup, a new one would be a stranger's`);
  return secret;
}
