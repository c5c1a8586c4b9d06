import { hkdfSync, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "@galen/engines/engine";
import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { accountIdOf, type CreateAccount } from "@galen/ledger/modules/accounts/index";
import { accounts } from "@galen/ledger/modules/accounts/state";
import { encodeTransaction, type Message, signBytes } from "@galen/ledger/tx/transaction";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { nativeCrypto } from "../crypto/native.ts";
import { type Ed25519Key, ed25519Key } from "../keys/ed25519-key.ts";

/** The node's own account on the ledger, in whose name its custodian acts. */
export interface CustodianAccount {
  readonly account: string;
  /** Resolves when the account stands on the ledger, which takes a chain that runs, or when the node stops. */
  create(): Promise<void>;
  /** Signs the messages and sends them; resolves when they are executed. Throws the Refusal, engine/StillPending when the node stops before. */
  submit(messages: readonly Message[]): Promise<void>;
}

/** Time that a transaction of the custodian has to get into a block. */
const LIFETIME_MS = 60_000;
const SEED_BYTES = 64;

/** A chain that stands still takes nothing; it is asked again after so long. */
const RETRY_MS = 1_000;

/** The keys and the founding message of the account that belongs to a secret; its id follows from them. */
export function custodianIdentity(secret: Uint8Array): { account: string; creation: CreateAccount; key: Ed25519Key } {
  const seed = new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(0), "galen/custodian/1", SEED_BYTES));
  const { signing, record } = accountKeys(seed, 0);
  const key = ed25519Key(signing.secretKey);
  const creation: CreateAccount = {
    keys: [{ keyType: "ed25519", publicKey: bytesToHex(key.publicKey), weight: 1 }],
    threshold: 1,
    recordKey: bytesToHex(record.publicKey),
    kind: "service",
    salt: bytesToHex(seed.slice(0, 16)),
  };
  return { account: accountIdOf(creation, nativeCrypto), creation, key };
}

export interface CustodianAccountOptions {
  readonly secret: Uint8Array;
  readonly engine: Pick<Engine, "submitAndWait">;
  readonly ledger: Ledger;
  readonly now: () => number;
  /** Told when the node stops: a chain that the others have left takes nothing, and is not waited for. */
  readonly stopping: AbortSignal;
}

/** The account of a secret. */
export function openCustodianAccount({ secret, engine, ledger, now, stopping }: CustodianAccountOptions): CustodianAccount {
  const { account, creation, key } = custodianIdentity(secret);

  async function submit(messages: readonly Message[]): Promise<void> {
    const salt = bytesToHex(randomBytes(8));
    const body = { chainId: ledger.chainId, signers: [account], expiresAt: Math.max(now(), ledger.time) + LIFETIME_MS, salt, messages };
    const bodyBytes = ledger.version.codec.encodeBody(body);
    const signature = {
      keyType: "ed25519",
      publicKey: bytesToHex(key.publicKey),
      signature: bytesToHex(key.sign(signBytes(bodyBytes))),
    } as const;
    const transaction = encodeTransaction({ bodyBytes, signatures: [signature], receipts: [] });
    const { result } = await engine.submitAndWait(transaction, { timeoutMs: LIFETIME_MS, signal: stopping });
    if (result.refusal) throw refusalOf(result.refusal);
  }

  async function create(): Promise<void> {
    while (!stopping.aborted && !accounts.has(ledger.read(), account)) {
      try {
        await submit([{ type: "accounts.create", value: creation }]);
      } catch (error) {
        // Also refused where it exists and this node has yet to execute the block that made it.
        if (!(error instanceof Refusal)) throw error;
        await sleep(RETRY_MS, undefined, { signal: stopping }).catch(() => {}); // told by the signal
      }
    }
  }

  return { account, create, submit };
}

function refusalOf(refused: { id: string; status: number; sentence: string; details: Refusal["details"] }): Refusal {
  return new Refusal({ ...refused, module: refused.id.split("/")[0]!, code: 0 }, refused.details);
}
