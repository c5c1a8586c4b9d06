import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { decryptAesGcm, encryptAesGcm, GCM_NONCE_SIZE, importAesKey } from "../seal/aes-gcm.ts";
import { KeyError, keyFaults } from "./key-error.ts";
import { webRandom } from "./random.ts";

/** What a key file of version 1 is, as JSON; bytes in hex. */
interface KeyFile {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly salt: string;
  /** AES-256-GCM of the secret, tag behind. */
  readonly data: string;
  /** SHA-256 of the fields before: tells a damaged file from a wrong password. It protects nothing. */
  readonly checksum: string;
}

const FORMAT = "galen-key-file";
const SALT_SIZE = 32;

/** Version 1: RFC 7914 with 128 MiB of memory per guess. Stronger parameters are another version. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, dkLen: 32 };

/** Of a passphrase that somebody chooses, in UTF-16 units: short enough to remember, long enough against whoever takes the file, which is slow to guess at. */
export const MIN_PASSPHRASE_LENGTH = 10;

/** scrypt (RFC 7914): the key of `dkLen` bytes that belongs to a password, here as text that is already normalised. */
export type Scrypt = (password: string, salt: Uint8Array, parameters: typeof SCRYPT) => Promise<Uint8Array>;

/** Encrypts a secret (a seed, an organisation's keys; any bytes) under a password, as text for a file. `scrypt`: one that is faster where it runs. */
export async function sealKeyFile(secret: Uint8Array, password: string, scrypt: Scrypt = scryptAsync): Promise<string> {
  const salt = webRandom(SALT_SIZE);
  const key = await passwordKey(scrypt, password, salt);
  const sealed = { salt: bytesToHex(salt), data: bytesToHex(await encryptAesGcm(key, PARAMETERS, secret)) };
  const file: KeyFile = { format: FORMAT, version: 1, ...sealed, checksum: checksum(sealed) };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * The secret in a key file.
 *
 * @throws KeyError `KeyFileBroken`, `KeyFileVersionUnknown`, `PasswordWrong`
 */
export async function openKeyFile(text: string, password: string, scrypt: Scrypt = scryptAsync): Promise<Uint8Array> {
  const { salt, data } = parseKeyFile(text);
  const secret = await decryptAesGcm(await passwordKey(scrypt, password, salt), PARAMETERS, data);
  if (secret === undefined) throw new KeyError("PasswordWrong", keyFaults.PasswordWrong);
  return secret;
}

/** The nonce may be constant: the salt is fresh, so every key encrypts once. */
const PARAMETERS = { nonce: new Uint8Array(GCM_NONCE_SIZE), additionalData: encodeUtf8(`${FORMAT}/1`)! };

async function passwordKey(scrypt: Scrypt, password: string, salt: Uint8Array): Promise<CryptoKey> {
  return importAesKey(await scrypt(password.normalize("NFKC"), salt, SCRYPT));
}

function checksum({ salt, data }: Pick<KeyFile, "salt" | "data">): string {
  return bytesToHex(sha256(encodeUtf8(`${FORMAT}/1/${salt}/${data}`)!));
}

function parseKeyFile(text: string): { salt: Uint8Array; data: Uint8Array } {
  const file = parseObject(text);
  if (file.format !== FORMAT) throw broken();
  if (file.version !== 1)
    throw new KeyError("KeyFileVersionUnknown", "This key file comes from a newer version of Galen: update, then open it again.");
  const salt = parseHex(file.salt);
  const data = parseHex(file.data);
  const intact = salt.length === SALT_SIZE && file.checksum === checksum({ salt: bytesToHex(salt), data: bytesToHex(data) });
  if (!intact) throw broken();
  return { salt, data };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken();
  }
  if (typeof value !== "object" || value === null) throw broken();
  return { ...value };
}

function parseHex(value: unknown): Uint8Array {
  const bytes = typeof value === "string" ? hexToBytes(value) : undefined;
  if (bytes === undefined) throw broken();
  return bytes;
}

function broken(): KeyError {
  return new KeyError("KeyFileBroken", "The key file is damaged or is none: use another copy of it.");
}
