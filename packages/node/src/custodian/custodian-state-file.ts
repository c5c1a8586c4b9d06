import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { CustodianState, CustodianStatePort } from "@galen/custody/custodian/custodian-state";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { ConfigError } from "../config.ts";
import { writeFileDurably } from "../keys/durable-file.ts";
import { readIfThere } from "../keys/secret-file.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * The custodian's state in a file that only its owner may read; AES-256-GCM under `key` (32 bytes) where one is given. A file from before there was a key
 * is encrypted when it is read.
 */
export function openCustodianStateFile(path: string, key: Uint8Array | undefined): CustodianStatePort {
  const write = (state: CustodianState) => writeFileDurably(path, encrypt(Buffer.from(JSON.stringify(state, bytesAsHex)), key));
  return {
    async read() {
      if ((await readIfThere(path)) === undefined) return undefined;
      const bytes = await readFile(path);
      const inClear = key && stateIn(bytes);
      if (inClear) await write(inClear);
      return inClear ?? parseState(path, decrypt(path, bytes, key));
    },
    write,
  };
}

/** The key of the setting `custodianStateKey`. Throws ConfigError when it is no key. */
export function parseStateKey(setting: string): Uint8Array | undefined {
  if (setting === "none") return undefined;
  const key = hexToBytes(setting);
  if (key?.length !== KEY_BYTES)
    throw new ConfigError(`the setting custodianStateKey must be ${KEY_BYTES} bytes in lowercase hexadecimal, or "none"`);
  return key;
}

function encrypt(plaintext: Uint8Array, key: Uint8Array | undefined): Uint8Array {
  if (!key) return plaintext;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(path: string, bytes: Buffer, key: Uint8Array | undefined): Buffer {
  if (!key) return bytes;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new ConfigError(`the setting custodianStateKey does not open ${path}; give the key under which it was written`, { cause });
  }
}

function parseState(path: string, bytes: Buffer): CustodianState {
  const state = stateIn(bytes);
  if (!state) throw new Error(`the file ${path} cannot be read; give custodianStateKey, or restore the file from the backup`);
  return state;
}

/** The state that stands in clear in `bytes`; what is encrypted is not JSON. */
function stateIn(bytes: Buffer): CustodianState | undefined {
  try {
    return JSON.parse(bytes.toString("utf8"), hexAsBytes) as CustodianState;
  } catch {
    return undefined;
  }
}

const HEX_MARK = "hex:";

function bytesAsHex(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? HEX_MARK + Buffer.from(value).toString("hex") : value;
}

function hexAsBytes(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.startsWith(HEX_MARK) ? hexToBytes(value.slice(HEX_MARK.length)) : value;
}
