import { writeJson } from "@galen/gateway/fhir/json-value";
import { readJson } from "@galen/gateway/fhir/read-json";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { ChartDocument } from "../chart/chart.ts";
import { savedPerson } from "../keys/people-store.ts";
import { createDatabase } from "../storage/database.ts";

/** Documents that were opened on this device, so that they open without a network. They lie encrypted under a key that only the owner's words give. */
interface SealedDocuments {
  readonly account: string;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

const database = createDatabase<{ sealed: SealedDocuments }>({ name: "galen-kept", version: 1, stores: ["sealed"] });

const INFO = new TextEncoder().encode("galen/web/kept-documents/1");
const NONCE_SIZE = 12;

type Kept = Omit<ChartDocument, "content"> & { readonly content: string };

/**
 * Keeps what was opened, in place of what was kept before: what is erased is forgotten here, too. Nothing of somebody whose wallet was taken out of this
 * browser meanwhile, in another tab.
 */
export async function keepDocuments(own: OwnAccount, documents: readonly ChartDocument[]): Promise<void> {
  const kept: readonly Kept[] = documents.map((document) => ({
    ...document,
    content: new TextDecoder().decode(writeJson(document.content)),
  }));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce },
    await keyOf(own),
    new TextEncoder().encode(JSON.stringify(kept)),
  );
  await database.put("sealed", { account: own.account, nonce, data });
  // Looked up afterwards: whoever forgets the wallet later than this forgets the documents after it.
  if (!(await savedPerson(own.account))) await forgetDocuments(own.account);
}

/** What was kept for this account; undefined where nothing was opened here. */
export async function keptDocuments(own: OwnAccount): Promise<readonly ChartDocument[] | undefined> {
  const sealed = await database.get("sealed", own.account);
  if (!sealed) return undefined;
  const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.nonce }, await keyOf(own), sealed.data);
  const kept = JSON.parse(new TextDecoder().decode(opened)) as readonly Kept[];
  return kept.map(({ content, ...document }) => ({
    ...document,
    content: readJson(new TextEncoder().encode(content), document.objectId) as ChartDocument["content"],
  }));
}

export async function forgetDocuments(account: string): Promise<void> {
  await database.delete("sealed", account);
}

async function keyOf({ keys }: OwnAccount): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", Uint8Array.from(keys.compartmentKey), "HKDF", false, ["deriveKey"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: INFO };
  return crypto.subtle.deriveKey(parameters, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
