import { requireHexBytes } from "@galen/ledger/crypto/hex";
import { MAX_DOCUMENTS } from "@galen/ledger/modules/records/schema";
import { errors as vaultErrors } from "@galen/ledger/modules/vault/errors";
import type { SealedObject } from "@galen/ledger/modules/vault/schema";
import type { Actor } from "../client/actor.ts";
import type { BeforeSigning, Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { inParallel } from "../client/in-parallel.ts";
import { query } from "../client/query.ts";
import { storeBlobs } from "../client/store-blobs.ts";
import { canReceive } from "../seal/hpke.ts";
import type { TransactionOptions } from "../transactions/build-transaction.ts";
import { submit } from "../transactions/submit.ts";
import { releaseKeySet } from "./key-set.ts";
import { provenFilings } from "./proven-documents.ts";
import { recordKeyOf } from "./record-key.ts";
import { type NewDocument, sealDocument } from "./seal-document.ts";
import { knownObjects } from "./sealed-object.ts";

/** Plaintext of one transaction: what is sealed and sent at a time stays in memory, and fits one request for blobs. */
const MAX_BATCH_BYTES = 16_777_216;
const PARALLEL_BATCHES = 2;
const PARALLEL_LOOK_UPS = 8;
const POLL_MS = 100;

export interface FileOptions extends Pick<TransactionOptions, "beforeSigning"> {
  /** The author: an organisation, one of its care staff, or the owner. */
  readonly as: Actor;
  /** The member organisation for which staff writes. */
  readonly organisation?: string;
  readonly documents: readonly NewDocument[];
  /** Hears before every signature as what documents will lie on the ledger: who gets no answer finds out by their bytes which of several tries is on file. */
  readonly onSealed?: (objects: readonly SealedObject[]) => void;
  /** Hears after every transaction which documents are on file. */
  readonly onFiled?: (objectIds: readonly string[]) => void;
}

export interface FiledDocument {
  readonly objectId: string;
  readonly txHash: string;
  readonly height: number;
}

export interface Filing {
  readonly filed: readonly FiledDocument[];
  /** Documents that were there before: an import that was broken off and is run again goes on where it ended. */
  readonly alreadyFiled: readonly string[];
  /** Documents that were there before and that their owner has erased. They are not filed again. */
  readonly erased: readonly string[];
}

/**
 * Seals documents, stores their blobs and files them, as many in one transaction as fit. Owners must have an account. What is on file already is
 * left as it is. Rejects with GalenError, vault/RepeatedObject for a new document that is named twice; what was filed until then stays, and nothing more is.
 * With client/UnusableRecordKey it rejects once the documents of all other owners are filed.
 */
export async function fileDocuments(client: Client, options: FileOptions): Promise<Filing> {
  const { documents } = options;
  const objectIds = documents.map(({ objectId }) => objectId);
  const isFiled = await areOnFile(client, objectIds);
  const erased = await erasedOf(
    client,
    objectIds.filter((_, index) => isFiled[index]),
  );
  const filed = await fileNewDocuments(client, { ...options, documents: documents.filter((_, index) => !isFiled[index]) });
  const others = new Set([...filed.map(({ objectId }) => objectId), ...erased]);
  return { filed, alreadyFiled: objectIds.filter((objectId) => !others.has(objectId)), erased };
}

/**
 * Like `fileDocuments`, for documents of which none can be expected on file, so that none is looked for: an owner whose account was just made has none. Gives
 * those that it has filed.
 */
export async function fileNewDocuments(client: Client, options: FileOptions): Promise<readonly FiledDocument[]> {
  const { documents } = options;
  requireOnceEach(documents);
  const keys = await sealingKeys(client, documents);
  const sealable = documents.filter(({ owner }) => keys.recordKeys.has(owner));
  // A document that refers to another one must come after it.
  const isOrdered = documents.some(({ relation }) => relation !== undefined && relation.kind !== "none");
  const ask = options.beforeSigning ?? client.beforeSigning;
  const filed = await inParallel(batches(sealable), isOrdered ? 1 : PARALLEL_BATCHES, (batch, _, over) =>
    fileUnfiled(client, batch, keys, { ...options, beforeSigning: unlessOver(over, ask) }),
  );
  const shut = documents.find(({ owner }) => !keys.recordKeys.has(owner));
  if (shut) throw galenError(clientErrors.UnusableRecordKey({ owner: shut.owner, objectId: shut.objectId }));
  return filed.flat();
}

/** A no to one batch, or what else it fails by, holds for the one beside it, too: nobody is asked for more, and nothing more is signed. */
function unlessOver(over: AbortSignal, ask: BeforeSigning | undefined): BeforeSigning {
  return async (bodyBytes) => {
    over.throwIfAborted();
    await ask?.(bodyBytes);
    over.throwIfAborted();
  };
}

/** Two contents of one id cannot both be filed, and which one is meant nobody here knows. Throws GalenError vault/RepeatedObject. */
function requireOnceEach(documents: readonly NewDocument[]): void {
  const named = new Set<string>();
  for (const { objectId } of documents) {
    if (named.has(objectId)) throw galenError(vaultErrors.RepeatedObject({ objectId }));
    named.add(objectId);
  }
}

/** Proven to a client that trusts somebody: a document of which a node only says that it is on file would never be filed. */
async function areOnFile(client: Client, objectIds: readonly string[]): Promise<readonly boolean[]> {
  if (!client.trust) return inParallel(objectIds, PARALLEL_LOOK_UPS, (objectId) => isToldOnFile(client, objectId));
  return (await provenFilings(client, objectIds)).map((filed) => filed !== undefined);
}

async function isToldOnFile(client: Client, objectId: string): Promise<boolean> {
  try {
    await query(client, "records.document", { objectId });
    return true;
  } catch (error) {
    if (error instanceof GalenError && error.id === "records/UnknownDocument") return false;
    throw error;
  }
}

/** Of documents on file, which the register keeps for good, those whose content is erased. */
async function erasedOf(client: Client, objectIds: readonly string[]): Promise<readonly string[]> {
  return (await knownObjects(client, objectIds)).filter(({ erasedAt }) => erasedAt !== undefined).map(({ objectId }) => objectId);
}

interface SealingKeys {
  readonly collectiveKey: string;
  /** By owner; of none whose key is unusable. */
  readonly recordKeys: ReadonlyMap<string, string>;
}

async function sealingKeys(client: Client, documents: readonly NewDocument[]): Promise<SealingKeys> {
  if (documents.length === 0) return { collectiveKey: "", recordKeys: new Map() };
  const owners = [...new Set(documents.map(({ owner }) => owner))];
  const usableKey = async (owner: string) => {
    const key = await recordKeyOf(client, owner);
    // The ledger takes any 32 bytes.
    return (await canReceive(requireHexBytes(key, 32))) ? ([owner, key] as const) : undefined;
  };
  const [{ publicKey }, recordKeys] = await Promise.all([releaseKeySet(client), inParallel(owners, PARALLEL_LOOK_UPS, usableKey)]);
  return { collectiveKey: publicKey, recordKeys: new Map(recordKeys.filter((one) => one !== undefined)) };
}

/** Somebody else may file the same documents at the same time: what is on file by then is left out, and the rest filed. */
async function fileUnfiled(
  client: Client,
  batch: readonly NewDocument[],
  keys: SealingKeys,
  options: FileOptions,
): Promise<readonly FiledDocument[]> {
  try {
    return await fileBatch(client, batch, keys, options);
  } catch (error) {
    const onFile = error instanceof GalenError && error.id === "records/AlreadyFiled" ? error.details.objectId : undefined;
    const rest = batch.filter(({ objectId }) => objectId !== onFile);
    if (rest.length === batch.length || !(await comesOnFile(client, String(onFile)))) throw error;
    return (await fileDocuments(client, { ...options, documents: rest })).filed;
  }
}

/** Whether a document is on file in a while: the other's transaction may still wait for its block. */
async function comesOnFile(client: Client, objectId: string): Promise<boolean> {
  for (const deadline = client.now() + client.lookMs; client.now() <= deadline; ) {
    if ((await areOnFile(client, [objectId]))[0]) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

async function fileBatch(
  client: Client,
  batch: readonly NewDocument[],
  { collectiveKey, recordKeys }: SealingKeys,
  { as, organisation, onSealed, onFiled, beforeSigning }: FileOptions,
): Promise<FiledDocument[]> {
  const sealed = await Promise.all(
    batch.map((document) => sealDocument(client, document, { collectiveKey, recordKey: recordKeys.get(document.owner)! })),
  );
  onSealed?.(sealed.map(({ item }) => item.object));
  const blobs = sealed.flatMap((document) => document.blobs);
  const { receipts } = await storeBlobs(client, { as, blobs });
  const value = { ...(organisation === undefined ? {} : { organisation }), documents: sealed.map(({ item }) => item) };
  const { txHash, height } = await submit(client, { actors: [as], messages: [{ type: "records.add", value }], receipts, beforeSigning });
  onFiled?.(batch.map(({ objectId }) => objectId));
  return batch.map(({ objectId }) => ({ objectId, txHash, height }));
}

/** As many documents as fit one transaction and one request for blobs; a large one goes alone. */
function batches(documents: readonly NewDocument[]): NewDocument[][] {
  const found: NewDocument[][] = [];
  let size = 0;
  for (const document of documents) {
    size += document.plaintext.length;
    const last = found.at(-1);
    if (last && last.length < MAX_DOCUMENTS && size <= MAX_BATCH_BYTES) {
      last.push(document);
    } else {
      found.push([document]);
      size = document.plaintext.length;
    }
  }
  return found;
}
