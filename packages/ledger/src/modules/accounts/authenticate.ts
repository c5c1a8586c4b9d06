import type { ReadContext } from "../../app/context.ts";
import { errors as tx } from "../../tx/errors.ts";
import type { Signature, TransactionBody } from "../../tx/transaction.ts";
import { accountIdOf } from "./account-id.ts";
import type { Authority, CreateAccount } from "./schema.ts";
import { accounts } from "./state.ts";

/** The message that creates an account; its signers may include the account that it creates. */
export const CREATE = "accounts.create";

/**
 * Refuses with tx/Unauthorised unless, for every signer, keys of enough weight signed, and every signature is by a key of some signer. An
 * account that does not exist yet signs with the keys of the `accounts.create` of this transaction from which its id follows.
 * The signatures themselves are verified before.
 */
export function authenticate(context: ReadContext, body: TransactionBody, signatures: readonly Signature[]): void {
  const founded = new Map<string, Authority>();
  const known = body.signers.map((signer) => accounts.get(context, signer));
  if (known.includes(undefined)) for (const creation of creations(body)) founded.set(accountIdOf(creation, context.crypto), creation);

  const used = new Set<Signature>();
  body.signers.forEach((signer, i) => {
    // What is recorded comes first: the founding keys of an account that has rotated them are worth nothing.
    const authority = known[i] ?? founded.get(signer);
    if (!authority) throw tx.Unauthorised({ signer });
    const weight = signedWeight(authority, signatures, used);
    if (weight < authority.threshold) throw tx.Unauthorised({ signer, weight, threshold: authority.threshold });
  });
  const stray = signatures.find((signature) => !used.has(signature));
  if (stray) throw tx.Unauthorised({ publicKey: stray.publicKey });
}

function creations(body: TransactionBody): CreateAccount[] {
  return body.messages.filter(({ type }) => type === CREATE).map(({ value }) => value as CreateAccount);
}

/** Weight of the keys that signed; their signatures are added to `used`. */
function signedWeight({ keys }: Authority, signatures: readonly Signature[], used: Set<Signature>): number {
  let weight = 0;
  for (const key of keys) {
    const signature = signatures.find((one) => one.publicKey === key.publicKey && one.keyType === key.keyType);
    if (!signature) continue;
    used.add(signature);
    weight += key.weight;
  }
  return weight;
}
