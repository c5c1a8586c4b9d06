import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import type { Setting } from "@galen/ledger/modules/emergency/index";
import { MAX_OBJECTS } from "@galen/ledger/modules/vault/schema";
import type { Client } from "../client/client.ts";
import { query } from "../client/query.ts";
import { type DocumentsOnFile, documentsOnFile } from "./documents-on-file.ts";
import { type GrantedReading, type ReadingOptions, readBy } from "./read-granted.ts";
import type { KnownObject } from "./sealed-object.ts";

/** A reason that the ledger knows as a hash only. Who reads keeps text and nonce, and shows both in the review. */
export interface CommittedReason {
  readonly text: string;
  /** Hex, 32 random bytes: without them short texts could be guessed from the hash. */
  readonly nonce: string;
  readonly reasonHash: string;
}

/** Commits to a stated reason: SHA-256(nonce ‖ UTF-8 text). Throws RangeError for a text that is no well-formed Unicode. */
export function commitReason(client: Pick<Client, "random" | "crypto">, text: string): CommittedReason {
  const bytes = encodeUtf8(text);
  if (!bytes) throw new RangeError("a reason is well-formed Unicode");
  const nonce = client.random(32);
  return { text, nonce: bytesToHex(nonce), reasonHash: bytesToHex(client.crypto.sha256(concatBytes([nonce, bytes]))) };
}

/** Whether a reason is the one to which a reader was bound: what a reviewer asks of the text and the nonce that the reader shows. */
export function fitsReason({ text, nonce, reasonHash }: CommittedReason, crypto: Pick<Client["crypto"], "sha256">): boolean {
  const [secret, bytes] = [hexToBytes(nonce), encodeUtf8(text)];
  // Another length would let a reader divide the same bytes in another place.
  if (secret?.length !== 32 || !bytes) return false;
  return bytesToHex(crypto.sha256(concatBytes([secret, bytes]))) === reasonHash;
}

/** Options of a reading in an emergency. */
export interface EmergencyOptions extends ReadingOptions {
  /** Of `commitReason`. */
  readonly reasonHash: string;
}

/**
 * Reads without a grant because it cannot wait (`emergency.request`): the owner has allowed it, is told at once, and somebody reviews it. Each 64
 * objects are one use. Rejects like `readGranted`, with release/EmergencyNotAllowed and release/TooManyEmergencies besides.
 */
export function readEmergency(client: Client, { reasonHash, ...options }: EmergencyOptions): Promise<GrantedReading> {
  return readBy(client, options, (asked) => ({ type: "emergency.request", value: { ...asked, reasonHash } }));
}

/** Everything that is on file, what one use asks for of it, and how many documents are left for further ones. */
export interface EmergencyDocuments extends DocumentsOnFile {
  readonly objectIds: readonly string[];
  readonly older: number;
}

/** What is left out of the documents of a use. */
export interface EmergencyChoice {
  /** How many of the newest. */
  readonly skip?: number | undefined;
  /** Which, by their ids: those that a use before has asked for. */
  readonly without?: ReadonlySet<string>;
}

/**
 * The newest documents that an owner opens in an emergency, as many as one use may ask for. Where the owner opens nothing, all are told: asked for them, the
 * ledger says no, and the owner sees it.
 */
export async function emergencyDocuments(
  client: Client,
  owner: string,
  { skip = 0, without }: EmergencyChoice = {},
): Promise<EmergencyDocuments> {
  const onFile = await documentsOnFile(client, owner);
  const { setting } = (await query<{ setting?: Setting }>(client, "emergency.setting", { owner })).result;
  const isOpen = ({ policy, erasedAt }: KnownObject) =>
    erasedAt === undefined && (!setting || setting.opens.kind === "everything" || setting.opens.labels.includes(policy.compartment));
  const rest = onFile.known.filter((object) => isOpen(object) && !without?.has(object.objectId)).slice(skip);
  const objectIds = rest.slice(0, MAX_OBJECTS).map(({ objectId }) => objectId);
  return { ...onFile, objectIds, older: rest.length - objectIds.length };
}
