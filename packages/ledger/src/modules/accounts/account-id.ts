import { concatBytes } from "../../crypto/bytes.ts";
import { bytesToHex } from "../../crypto/hex.ts";
import type { CryptoProvider } from "../../crypto/provider.ts";
import { encodeUtf8 } from "../../crypto/utf8.ts";
import { codecOf } from "../../schema/codec.ts";
import { CreateAccount, RotateKeys } from "./schema.ts";

const ACCOUNT_DOMAIN = encodeUtf8("galen/account/1:")!;
const RECOVERY_DOMAIN = encodeUtf8("galen/recovery/1:")!;
const creation = codecOf(CreateAccount);
const proposal = codecOf(RotateKeys);

/**
 * The id of the account that `message` creates: SHA-256("galen/account/1:" ‖ canonical bytes of the message). It binds the founding keys, so
 * nobody can take an id before its owner. Throws SchemaError when the message does not fit its schema.
 */
export function accountIdOf(message: CreateAccount, crypto: Pick<CryptoProvider, "sha256">): string {
  return bytesToHex(crypto.sha256(concatBytes([ACCOUNT_DOMAIN, creation.encode(message)])));
}

/**
 * The id of a recovery: SHA-256("galen/recovery/1:" ‖ canonical bytes of account and new keys). Who approves an id approves exactly these
 * keys, and guardians who propose the same keys approve the same recovery. Throws SchemaError when the message does not fit its schema.
 */
export function recoveryIdOf(message: Parameters<typeof proposal.encode>[0], crypto: Pick<CryptoProvider, "sha256">): string {
  return bytesToHex(crypto.sha256(concatBytes([RECOVERY_DOMAIN, proposal.encode(message)])));
}
