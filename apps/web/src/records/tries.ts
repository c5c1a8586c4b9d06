import type { Authorship } from "@galen/gateway/fhir/written-document";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { webRandom } from "@galen/sdk/keys/random";
import { knownObjects } from "@galen/sdk/records/sealed-object";
import type { ChartDocument } from "../chart/chart.ts";

/** What was written, and as what it is shown once it is on file. */
export interface Written {
  readonly authorship: Authorship;
  /** Of a draft that tells what it says. */
  readonly says: string | undefined;
  readonly document: ChartDocument & { readonly label: string };
}

/** What was sealed to be filed, with the address of its sealed bytes: each try has another one. */
interface Try extends Written {
  readonly ciphertext: string;
}

/** All that was tried under one id, as long as nobody knows what became of it. The ledger takes an id once: one of them is ever on file at most, however late it arrives. */
export interface Tries {
  readonly objectId: string;
  readonly uuid: string;
  readonly made: readonly Try[];
}

/** Ids for something of which nothing was tried yet. */
export function beginTries(): Tries {
  return { objectId: bytesToHex(webRandom(32)), uuid: crypto.randomUUID(), made: [] };
}

/** Which of the tries is on file, told by its sealed bytes; undefined for none. Rejects with GalenError. */
export async function filedOf(client: Client, { objectId, made }: Tries): Promise<Written | undefined> {
  if (made.length === 0) return undefined;
  const address = await ciphertextOf(client, objectId);
  return made.find(({ ciphertext }) => ciphertext === address);
}

const unknown: readonly string[] = ["client/UnknownObject", "vault/UnknownObject"];

async function ciphertextOf(client: Client, objectId: string): Promise<string | undefined> {
  try {
    const [object] = await knownObjects(client, [objectId]);
    return object!.ciphertext;
  } catch (error) {
    if (error instanceof GalenError && unknown.includes(error.id)) return undefined;
    throw error;
  }
}
