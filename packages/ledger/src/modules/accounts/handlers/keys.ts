import type { Static } from "typebox";
import type { Context, WriteContext } from "../../../app/context.ts";
import { isFromVersion } from "../../../app/upgrades.ts";
import { hexToBytes } from "../../../crypto/hex.ts";
import type { CryptoProvider } from "../../../crypto/provider.ts";
import { isEd25519PublicKey, isP256PublicKey, isX25519PublicKey } from "../../../crypto/public-key.ts";
import { accountIdOf } from "../account-id.ts";
import { errors } from "../errors.ts";
import { created, keysRotated } from "../events.ts";
import { endRecoveries } from "../recovery.ts";
import type { Authority, CreateAccount, RotateKeys } from "../schema.ts";
import { accounts, requireOwner, totalWeight } from "../state.ts";

/** `accounts.create`: the account's own keys must be among those that sign. */
export function create(ctx: Context, message: CreateAccount): void {
  const account = accountIdOf(message, ctx.crypto);
  if (!ctx.signers.includes(account)) throw errors.NotOwner({ account });

  createAccount(ctx, message);
}

/**
 * Creates an account without asking who signed, for genesis; returns its id.
 * Refuses with accounts/AlreadyExists, DuplicateKey, BadKey, ThresholdUnreachable, BadRecordKey.
 */
export function createAccount(ctx: WriteContext, message: CreateAccount): string {
  const account = accountIdOf(message, ctx.crypto);
  if (accounts.has(ctx, account)) throw errors.AlreadyExists({ account });
  requireUsableKeys(message, ctx);

  const { keys, threshold, recordKey, kind } = message;
  accounts.set(ctx, account, { keys, threshold, recordKey, kind, createdAt: ctx.time });
  ctx.emit(created({ account, kind }));
  return account;
}

/** `accounts.rotateKeys`: whoever holds enough of the old keys is the owner, so no recovery is needed any more. */
export function rotateKeys(ctx: Context, { account, keys, threshold, recordKey }: Static<typeof RotateKeys>): void {
  const record = requireOwner(ctx, account);
  requireUsableKeys({ keys, threshold, recordKey }, ctx);

  accounts.set(ctx, account, { ...record, keys, threshold, recordKey });
  endRecoveries(ctx, account, "keys-rotated");
  ctx.emit(keysRotated({ account }));
}

/**
 * Refuses with accounts/DuplicateKey, BadKey or ThresholdUnreachable unless these keys can sign for an account, and from version 4 on with BadRecordKey unless
 * one can seal to it.
 */
export function requireUsableKeys({ keys, threshold, recordKey }: Authority, ctx: Pick<WriteContext, "crypto" | "state">): void {
  const { crypto } = ctx;
  if (new Set(keys.map(({ publicKey }) => publicKey)).size !== keys.length) throw errors.DuplicateKey();
  const bad = keys.find((key) => !isUsable(key, crypto));
  if (bad) throw errors.BadKey({ keyType: bad.keyType, publicKey: bad.publicKey });
  if (totalWeight(keys) < threshold) throw errors.ThresholdUnreachable({ weight: totalWeight(keys), threshold });
  if (!isX25519PublicKey(hexToBytes(recordKey)!) && isFromVersion(ctx, 4)) throw errors.BadRecordKey();
}

function isUsable({ keyType, publicKey }: Authority["keys"][number], crypto: CryptoProvider): boolean {
  const bytes = hexToBytes(publicKey)!;
  return keyType === "ed25519" ? isEd25519PublicKey(bytes) : isP256PublicKey(bytes, crypto);
}
