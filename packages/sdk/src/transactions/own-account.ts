import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { accountIdOf } from "@galen/ledger/modules/accounts/account-id";
import type { Account, CreateAccount } from "@galen/ledger/modules/accounts/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Actor } from "../client/actor.ts";
import type { AccountKeys } from "../keys/account-keys.ts";
import { createEd25519Signer } from "../keys/signer.ts";

/** An account whose keys are at hand. */
export interface HeldAccount extends Actor {
  readonly keys: AccountKeys;
}

/** An account that was founded with the keys that are at hand. */
export interface OwnAccount extends HeldAccount {
  /** `accounts.create`, to be signed by this account itself. */
  readonly creation: Message & { readonly value: CreateAccount };
}

/** The account that guardians have given these keys: its id is what it was before. */
export async function heldAccount(keys: AccountKeys, account: string): Promise<HeldAccount> {
  return { account, keys, signers: [await createEd25519Signer(keys.signing.secretKey)] };
}

const SALT_INFO = new TextEncoder().encode("galen/account-salt/1");

/**
 * The account that belongs to keys, of one signature. Its id follows from the keys alone, so that seed words bring back the account too. It may
 * or may not be on the ledger yet.
 */
export async function ownAccount(keys: AccountKeys, kind: Account["kind"] = "person"): Promise<OwnAccount> {
  const value: CreateAccount = {
    keys: [{ keyType: "ed25519", publicKey: bytesToHex(keys.signing.publicKey), weight: 1 }],
    threshold: 1,
    recordKey: bytesToHex(keys.record.publicKey),
    kind,
    salt: bytesToHex(hkdf(sha256, keys.compartmentKey, undefined, SALT_INFO, 16)),
  };
  return { ...(await heldAccount(keys, accountIdOf(value, portableCrypto))), creation: { type: "accounts.create", value } };
}
