import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { accountIdOf } from "@galen/ledger/modules/accounts/account-id";
import type { Account, CreateAccount } from "@galen/ledger/modules/accounts/schema";
import { accounts, members } from "@galen/ledger/modules/accounts/state";
import { members as alliance } from "@galen/ledger/modules/governance/state";
import type { Message } from "@galen/ledger/tx/transaction";
import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import type { AccountKeys } from "../keys/account-keys.ts";
import { createP256Signer, deriveP256Key } from "../keys/p256-key.ts";
import { readProven } from "../proofs/read-proven.ts";

/**
 * Signs the health cards of an organisation: an account of kind `service` with one P-256 key, which the organisation has among its members for as long
 * as the key counts. It signs nothing on the ledger but its own founding, so that no key stands in two protocols.
 */
export interface CardSigner extends Actor {
  readonly secretKey: Uint8Array;
  readonly creation: Message & { readonly value: CreateAccount };
}

/** Which signer of which organisation; accounts, hex. */
export interface CardSignerPlace {
  readonly organisation: string;
  readonly signer: string;
}

/** What the ledger says of a card signer. */
export interface KnownCardSigner {
  /** Its key, compressed; undefined where no account stands there, or one that was not founded as a card signer. */
  readonly publicKey: Uint8Array | undefined;
  /** Whether the organisation has it among its members now. */
  readonly isAppointed: boolean;
  /** Whether the organisation belongs to the alliance now. */
  readonly isAllied: boolean;
}

/** Stands in the founding of every card signer, and so in its id: a key that was made for something else is none for cards. */
const SALT = bytesToHex(portableCrypto.sha256(new TextEncoder().encode("galen/card-signer/1")).slice(0, 16));

/** The card signer that follows from an organisation's keys, so that their words bring it back too. It may or may not be on the ledger yet. */
export function cardSigner(house: AccountKeys): CardSigner {
  const secretKey = deriveP256Key(house.signing.secretKey, "galen/card-key/1");
  const key = createP256Signer(secretKey);
  const value = founding(bytesToHex(key.publicKey), bytesToHex(house.record.publicKey));
  return { account: accountIdOf(value, portableCrypto), signers: [key], secretKey, creation: { type: "accounts.create", value } };
}

/** The messages by which an organisation appoints its card signer; both sign. Those that have taken effect are left out. */
export function appointingMessages(organisation: string, signer: CardSigner, known: KnownCardSigner): readonly Message[] {
  const creation = known.publicKey ? [] : [signer.creation];
  // A member without rights: it treats nobody and administers nothing.
  const value = { organisation, member: signer.account, roles: ["member"] };
  return known.isAppointed ? creation : [...creation, { type: "accounts.setMember", value }];
}

/** Reads what the ledger says of a card signer, each record proven. Rejects with GalenError `proof/…`. */
export async function fetchCardSigner(client: Client, { organisation, signer }: CardSignerPlace): Promise<KnownCardSigner> {
  const [account, membership, member] = await Promise.all([
    readProven(client, accounts, signer),
    readProven(client, members, organisation, signer),
    readProven(client, alliance, organisation),
  ]);
  const { until = Number.POSITIVE_INFINITY } = membership.value ?? { until: 0 };
  return {
    publicKey: cardKeyOf(signer, account.value),
    isAppointed: until > client.now(),
    isAllied: member.value !== undefined,
  };
}

/** The key of an account that was founded as a card signer, compressed; undefined where none stands, or another account. */
export function cardKeyOf(signer: string, account: Account | undefined): Uint8Array | undefined {
  const [key] = account?.keys ?? [];
  if (!account || !key || accountIdOf(founding(key.publicKey, account.recordKey), portableCrypto) !== signer) return undefined;
  return hexToBytes(key.publicKey);
}

function founding(publicKey: string, recordKey: string): CreateAccount {
  return { keys: [{ keyType: "p256", publicKey, weight: 1 }], threshold: 1, recordKey, kind: "service", salt: SALT };
}
