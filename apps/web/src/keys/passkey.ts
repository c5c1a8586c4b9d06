import { KeyError } from "@galen/sdk/keys/key-error";
import { webRandom } from "@galen/sdk/keys/random";
import type { PasskeyLock } from "./people-store.ts";

/** What WebAuthn's PRF extension adds to the types of the platform. */
interface PrfResults {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: ArrayBuffer } };
}

/** `NoSecret`: the device's passkeys cannot lock keys. `NoAnswer`: none answered, or its owner said no. */
export class PasskeyError extends Error {
  override readonly name = "PasskeyError";
  readonly code: "NoSecret" | "NoAnswer";

  constructor(code: PasskeyError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const TIMEOUT_MS = 120_000;
const NONCE = new Uint8Array(12); // a fresh salt gives a fresh key, which encrypts once
const INFO = new TextEncoder().encode("galen/web/passkey-lock/1");

/**
 * Whether this browser can ask a passkey at all; whether the passkey gives a secret shows when it is made. Passkeys belong to a domain (WebAuthn, relying
 * party identifier), so that a page at a bare address has none.
 */
export function canUsePasskeys(): boolean {
  return "PublicKeyCredential" in globalThis && !/^[\d.]+$|^\[/.test(location.hostname);
}

/** Makes a passkey and locks the words under its secret. Rejects with PasskeyError. */
export async function lockWithPasskey(words: string, name: string): Promise<PasskeyLock> {
  const salt = webRandom(32) as Uint8Array<ArrayBuffer>;
  const created = await answered(() =>
    navigator.credentials.create({
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
    }),
  );
  const credentialId = new Uint8Array(created.rawId);
  const { prf } = created.getClientExtensionResults() as PrfResults;
  if (prf?.enabled !== true && prf?.results?.first === undefined) throw noSecret();
  const secret = prf.results?.first ?? (await askSecret({ credentialId, salt }));
  const key = await keyOf(secret);
  const sealedWords = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: NONCE }, key, new TextEncoder().encode(words)));
  return { kind: "passkey", credentialId, salt, sealedWords };
}

/** The words that a passkey locks. Rejects with PasskeyError, and with KeyError PasswordWrong where another passkey answers. */
export async function wordsOfPasskey(lock: PasskeyLock): Promise<string> {
  const key = await keyOf(await askSecret(lock));
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: NONCE }, key, lock.sealedWords));
  } catch (cause) {
    throw new KeyError("PasswordWrong", "The passkey does not open these keys.", { cause });
  }
}

async function askSecret({ credentialId, salt }: Pick<PasskeyLock, "credentialId" | "salt">): Promise<ArrayBuffer> {
  const answer = await answered(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: webRandom(32) as Uint8Array<ArrayBuffer>,
        allowCredentials: [{ type: "public-key", id: credentialId }],
        userVerification: "required",
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const secret = (answer.getClientExtensionResults() as PrfResults).prf?.results?.first;
  if (!secret) throw noSecret();
  return secret;
}

async function keyOf(secret: ArrayBuffer): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: INFO };
  return crypto.subtle.deriveKey(parameters, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** The browser says of a passkey that is not there only that it was not allowed, so that no page finds out which ones there are. */
async function answered(asking: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const answer = await asking();
    if (answer) return answer as PublicKeyCredential;
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
    throw new PasskeyError("NoAnswer", "no passkey answered", { cause });
  }
  throw new PasskeyError("NoAnswer", "no passkey answered");
}

function noSecret(): PasskeyError {
  return new PasskeyError("NoSecret", "the device's passkeys give no secret");
}
