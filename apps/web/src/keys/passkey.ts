import { KeyError } from "@galen/sdk/keys/key-error";
import { webRandom } from "@galen/sdk/keys/random";
import type { PasskeyLock } from "./people-store.ts";

/** What WebAuthn's PRF extension adds to the types of the platform. */
interface PrfResults {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: ArrayBuffer } };
}

/** The device has no passkey that could lock keys. */
export class PasskeyError extends Error {
  override readonly name = "PasskeyError";
}

const TIMEOUT_MS = 120_000;
const NONCE = new Uint8Array(12); // a fresh salt gives a fresh key, which encrypts once
const INFO = new TextEncoder().encode("galen/web/passkey-lock/1");

/** Whether this browser can ask a passkey at all; whether the passkey gives a secret shows when it is made. */
export function canUsePasskeys(): boolean {
  return "PublicKeyCredential" in globalThis;
}

/** Makes a passkey and locks the words under its secret. Rejects with PasskeyError where the device gives none. */
export async function lockWithPasskey(words: string, name: string): Promise<PasskeyLock> {
  const salt = webRandom(32) as Uint8Array<ArrayBuffer>;
  const created = (await navigator.credentials.create({
    publicKey: {
      rp: { name: "Galen" },
      user: { id: webRandom(16) as Uint8Array<ArrayBuffer>, name, displayName: name },
      challenge: webRandom(32) as Uint8Array<ArrayBuffer>,
      pubKeyCredParams: [
        { type: "public-key", alg: -7 },
        { type: "public-key", alg: -8 },
      ],
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      timeout: TIMEOUT_MS,
      extensions: { prf: { eval: { first: salt } } },
    },
  })) as PublicKeyCredential | null;
  if (!created) throw noSecret();
  const credentialId = new Uint8Array(created.rawId);
  const { prf } = created.getClientExtensionResults() as PrfResults;
  if (prf?.enabled !== true && prf?.results?.first === undefined) throw noSecret();
  const secret = prf.results?.first ?? (await askSecret({ credentialId, salt }));
  const key = await keyOf(secret);
  const sealedWords = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: NONCE }, key, new TextEncoder().encode(words)));
  return { kind: "passkey", credentialId, salt, sealedWords };
}

/** The words that a passkey locks. Rejects with KeyError PasswordWrong where another passkey answers. */
export async function wordsOfPasskey(lock: PasskeyLock): Promise<string> {
  const key = await keyOf(await askSecret(lock));
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: NONCE }, key, lock.sealedWords));
  } catch (cause) {
    throw new KeyError("PasswordWrong", "The passkey does not open these keys.", { cause });
  }
}

async function askSecret({ credentialId, salt }: Pick<PasskeyLock, "credentialId" | "salt">): Promise<ArrayBuffer> {
  const answer = (await navigator.credentials.get({
    publicKey: {
      challenge: webRandom(32) as Uint8Array<ArrayBuffer>,
      allowCredentials: [{ type: "public-key", id: credentialId }],
      userVerification: "required",
      timeout: TIMEOUT_MS,
      extensions: { prf: { eval: { first: salt } } },
    },
  })) as PublicKeyCredential | null;
  const secret = (answer?.getClientExtensionResults() as PrfResults | undefined)?.prf?.results?.first;
  if (!secret) throw noSecret();
  return secret;
}

async function keyOf(secret: ArrayBuffer): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: INFO };
  return crypto.subtle.deriveKey(parameters, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function noSecret(): PasskeyError {
  return new PasskeyError("the device's passkeys give no secret");
}
