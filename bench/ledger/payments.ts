import { defineCollection } from "@galen/ledger/app/collection";
import { defineGenesis, defineMessage, defineModule } from "@galen/ledger/app/define-module";
import { defineEvent } from "@galen/ledger/app/events";
import { defineErrors } from "@galen/ledger/app/refusal";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { AccountId, Bytes, Integer, List } from "@galen/ledger/schema/types";
import { errors as tx } from "@galen/ledger/tx/errors";
import { type Static, Type } from "typebox";

const MAX_BALANCE = 1_000_000_000_000;
const OPENING_BALANCE = 1_000_000_000;
/** Accounts that one message opens: what one block can write without being large. */
export const ACCOUNTS_PER_MESSAGE = 10_000;

const Account = Type.Object({ publicKey: Bytes(32), balance: Integer(0, MAX_BALANCE) });
const Keys = Type.Object({ publicKeys: List(Bytes(32), { minItems: 1, maxItems: 1_000 }) });
const Open = Type.Object({ first: Integer(0, 1e9), count: Integer(1, ACCOUNTS_PER_MESSAGE) });
const Pay = Type.Object({ payee: AccountId, broker: AccountId, amount: Integer(1, MAX_BALANCE) });
const Paid = Type.Object({ payer: AccountId, payee: AccountId, broker: AccountId, amount: Integer(1, MAX_BALANCE) });

const accounts = defineCollection<[id: string], typeof Account>("payments/accounts", Account);
const keys = defineCollection<["current"], typeof Keys>("payments/keys", Keys);
const paid = defineEvent("payments.paid", Paid);
const errors = defineErrors("payments", 90_000, {
  UnknownAccount: [1, 404, "there is no such account; open it first"],
  TooLittle: [2, 409, "the account holds less than that; pay less"],
});

/** Id of the account with this number, from 0. */
export function accountId(number: number, { sha256 }: Pick<CryptoProvider, "sha256">): string {
  return bytesToHex(sha256(Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)));
}

/** The least module that costs what an ordinary one does: a payment reads and writes three accounts, checks them and tells of it. */
const payments = defineModule({
  name: "payments",
  messages: [
    defineMessage({
      type: "payments.open",
      summary: "Opens accounts with consecutive numbers; the founding keys take turns.",
      schema: Open,
      handle(ctx, { first, count }) {
        const { publicKeys } = keys.get(ctx, "current")!;
        for (let number = first; number < first + count; number++) {
          const publicKey = publicKeys[number % publicKeys.length]!;
          accounts.set(ctx, accountId(number, ctx.crypto), { publicKey, balance: OPENING_BALANCE });
        }
      },
    }),
    defineMessage({
      type: "payments.pay",
      summary: "Pays an amount and, to a broker, one more.",
      schema: Pay,
      handle(ctx, { payee, broker, amount }) {
        const payer = accounts.get(ctx, ctx.signer);
        if (!payer) throw errors.UnknownAccount();
        if (payer.balance < amount + 1) throw errors.TooLittle({ balance: payer.balance });

        accounts.set(ctx, ctx.signer, { ...payer, balance: payer.balance - amount - 1 });
        credit(ctx, payee, amount);
        credit(ctx, broker, 1);
        ctx.emit(paid({ payer: ctx.signer, payee, broker, amount }));
      },
    }),
  ],
  queries: [],
  events: [paid],
  errors,
  collections: [accounts, keys],
  genesis: defineGenesis({ schema: Keys, initialise: (ctx, founding) => keys.set(ctx, "current", founding) }),
  invariants: {},
});

function credit(ctx: Parameters<typeof accounts.set>[0], id: string, amount: number): void {
  const account: Static<typeof Account> | undefined = accounts.get(ctx, id);
  if (!account) throw errors.UnknownAccount();
  accounts.set(ctx, id, { ...account, balance: account.balance + amount });
}

/** An account's key signs for it; whoever holds one of the founding keys may open accounts. */
export const paymentsVersion: LedgerVersion = {
  number: 1,
  modules: [payments],
  authenticate(ctx, { signers }, signatures) {
    for (const signer of signers) {
      const publicKey = accounts.get(ctx, signer)?.publicKey ?? keys.get(ctx, "current")!.publicKeys.find((key) => key === signer);
      if (!signatures.some((signature) => signature.publicKey === publicKey)) throw tx.Unauthorised({ signer });
    }
  },
};
