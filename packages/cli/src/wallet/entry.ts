import type { AccountKind } from "@galen/ledger/modules/accounts/schema";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { seedFromWords } from "@galen/sdk/keys/seed";
import { type OwnAccount, ownAccount } from "@galen/sdk/transactions/own-account";

/** Somebody whom the wallet knows: with keys, or from the address book only. Names stand here and nowhere else. */
export interface WalletEntry {
  /** The first account of the words, unless guardians have given another one these keys. */
  readonly account: string;
  readonly name: string;
  readonly kind: AccountKind;
  /** 24 seed words; left out for somebody else's account. */
  readonly words?: string;
  /** Account of the organisation in whose name a member of its staff writes. */
  readonly worksFor?: string;
  /** By what an import recognises a patient: hash of the FHIR identity. */
  readonly patientIdentity?: string;
  /** Tells patients of one FHIR identity apart. Missing from entries of imports before it was kept. */
  readonly patientPerson?: string;
}

/** An entry with keys. */
export type OwnEntry = WalletEntry & { readonly words: string };

/** The account of seed words: their first one. The words alone bring it back. Rejects with KeyError for words that are none. */
export async function accountFromWords(words: string, kind: AccountKind): Promise<OwnAccount> {
  return ownAccount(accountKeys(await seedFromWords(words), 0), kind);
}
