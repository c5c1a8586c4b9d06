import { nativeCrypto } from "@galen/node/crypto/native";
import { type Client, createClient } from "@galen/sdk/client/client";
import { genesis } from "@galen/sdk/client/status";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { seedFromWords } from "@galen/sdk/keys/seed";
import { trustOfGenesis } from "@galen/sdk/proofs/trust";
import { type OwnAccount, ownAccount } from "@galen/sdk/transactions/own-account";
import type { Stage } from "./stage.ts";

/** The account of somebody of the town, with its keys. */
export async function townAccount({ townPerson }: Stage, name: string, kind?: "person" | "organisation"): Promise<OwnAccount> {
  const { words } = await townPerson(name);
  return ownAccount(accountKeys(await seedFromWords(words), 0), kind);
}

/** Asks the town's node and checks what it answers. */
export async function trustingClient({ network: { url } }: Stage): Promise<Client> {
  const trust = trustOfGenesis(await genesis(createClient({ url })), nativeCrypto);
  return createClient({ url, trust, crypto: nativeCrypto });
}
