import { Type } from "typebox";
import type { Context, ReadContext } from "../../app/context.ts";
import { equalBytes } from "../../crypto/bytes.ts";
import { bytesToHex } from "../../crypto/hex.ts";
import { codecOf } from "../../schema/codec.ts";
import { Authority } from "./schema.ts";
import { accounts, requireAccount } from "./state.ts";

// Not Type.Pick, which brings TypeBox's engine of type operators into every bundle.
const signing = codecOf(Type.Object({ keys: Authority.properties.keys, threshold: Authority.properties.threshold }));

/** Authorities by the records from which they follow: a vote asks for that of every voter before it, of up to 16 keys each. */
const known = new Map<string, { readonly record: Uint8Array; readonly authority: string }>();
const MAX_KNOWN = 4_096;

/** What an account signs with, as a hash. Refuses with accounts/UnknownAccount. */
export function authorityOf(ctx: Pick<ReadContext, "state" | "crypto">, account: string): string {
  const record = ctx.state.get(accounts.keyOf(account));
  const found = known.get(account);
  if (record && found && equalBytes(found.record, record)) return found.authority;
  const { keys, threshold } = requireAccount(ctx, account);
  const authority = bytesToHex(ctx.crypto.sha256(signing.encode({ keys, threshold })));
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(account, { record: record!.slice(), authority });
  return authority;
}

/** Whether a message of this transaction has given an account other keys than those that signed it; not for one that it has created. */
export function hasOtherKeys(ctx: Pick<Context, "state" | "before" | "crypto">, account: string): boolean {
  const signed = { state: ctx.before, crypto: ctx.crypto };
  return accounts.has(signed, account) && authorityOf(signed, account) !== authorityOf(ctx, account);
}
