import { type Static, type TSchema, Type } from "typebox";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { createCborReader } from "../schema/cbor-reader.ts";
import { ARRAY, BYTES, createCborWriter } from "../schema/cbor-writer.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { compileShape, type Shape } from "../schema/shape.ts";
import { AccountId, BlockTime, Bytes, BytesUpTo, List, Text } from "../schema/types.ts";
import { errors } from "./errors.ts";
import { KeyType } from "./key-type.ts";

/** 64 KiB: gossip and light clients carry transactions whole; content of any size goes into blobs. */
export const MAX_TRANSACTION_BYTES = 65_536;
/** While a body is written it may grow beyond that, so that the refusal tells its size. */
const MAX_WORK_BYTES = 16_777_216;
export const MAX_SIGNERS = 16;
export const MAX_SIGNATURES = 32;
export const MAX_MESSAGES = 100;
/** One per validator; networks of more are a later version. */
export const MAX_RECEIPTS = 128;

/** Domain separation: a signature over a body can be nothing else. */
const SIGNING_DOMAIN = encodeUtf8("galen/transaction/1:")!;

const Header = Type.Object({
  chainId: Text(50),
  signers: List(AccountId, { minItems: 1, maxItems: MAX_SIGNERS }),
  expiresAt: BlockTime,
  salt: Bytes(8, { description: "random; tells two otherwise equal transactions apart" }),
});

export const Signature = Type.Object({
  keyType: KeyType,
  publicKey: BytesUpTo(33, { description: "Ed25519 32 bytes, P-256 compressed 33 bytes" }),
  signature: Bytes(64),
});
export type Signature = Static<typeof Signature>;

/** A validator's statement that it holds the blobs of this transaction durably: signature over their Merkle root. */
export const StorageReceipt = Type.Object({ publicKey: Bytes(32), signature: Bytes(64) });
export type StorageReceipt = Static<typeof StorageReceipt>;

export interface Message {
  readonly type: string;
  readonly value: unknown;
}

/** What is signed. */
export interface TransactionBody extends Static<typeof Header> {
  readonly messages: readonly Message[];
}

export interface Transaction {
  readonly body: TransactionBody;
  readonly bodyBytes: Uint8Array;
  readonly signatures: readonly Signature[];
  readonly receipts: readonly StorageReceipt[];
}

/** Canonical bytes of transactions for one set of message kinds. */
export interface TransactionCodec {
  /** Throws Refusal tx/UnknownMessage, tx/InvalidMessage or tx/TooLarge. */
  encodeBody(body: TransactionBody): Uint8Array;
  /** Throws Refusal tx/TooLarge, tx/Malformed, tx/UnknownMessage or tx/InvalidMessage. */
  decode(bytes: Uint8Array): Transaction;
  /** What a body says, from the bytes that are signed. Throws like `decode`. */
  decodeBody(bodyBytes: Uint8Array): TransactionBody;
  /** Canonical bytes of one message's value, for messages that carry others. Throws Refusal tx/UnknownMessage, tx/InvalidMessage or tx/TooLarge. */
  encodeValue(message: Message): Uint8Array;
  /** The value of a message that another one carries. Throws Refusal tx/UnknownMessage or tx/InvalidMessage. */
  decodeValue(type: string, bytes: Uint8Array): unknown;
}

const headerShape = compileShape(Header);
const signaturesShape = compileShape(List(Signature, { minItems: 1, maxItems: MAX_SIGNATURES }));
const receiptsShape = compileShape(List(StorageReceipt, { maxItems: MAX_RECEIPTS }));
const typeShape = compileShape(Text(64));
// One of each for all transactions: nothing that is read calls back.
const envelopeReader = createCborReader();
const bodyReader = createCborReader();

/** The bytes that every signer of a body signs. */
export function signBytes(bodyBytes: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SIGNING_DOMAIN.length + bodyBytes.length);
  bytes.set(SIGNING_DOMAIN);
  bytes.set(bodyBytes, SIGNING_DOMAIN.length);
  return bytes;
}

/** Canonical bytes of a signed transaction: [body as byte string, signatures, receipts]. Throws SchemaError. */
export function encodeTransaction(parts: Pick<Transaction, "bodyBytes" | "signatures" | "receipts">): Uint8Array {
  const writer = createCborWriter(MAX_TRANSACTION_BYTES);
  writer.head(ARRAY, 3);
  writer.head(BYTES, parts.bodyBytes.length);
  writer.raw(parts.bodyBytes);
  signaturesShape.write(writer, parts.signatures);
  receiptsShape.write(writer, parts.receipts);
  return writer.finish();
}

/** The body of a transaction, which all its forms have in common: signatures and receipts can be others, or stand in another order. Throws SchemaError. */
export function bodyBytesOf(bytes: Uint8Array): Uint8Array {
  const reader = envelopeReader;
  reader.reset(bytes);
  reader.head(ARRAY);
  return reader.raw(reader.head(BYTES));
}

/** A transaction whose messages have not been read: all that its signatures are about. Throws SchemaError. */
export function decodeEnvelope(bytes: Uint8Array): Pick<Transaction, "bodyBytes" | "signatures" | "receipts"> {
  const reader = envelopeReader;
  reader.reset(bytes);
  if (reader.head(ARRAY) !== 3) throw new SchemaError("must have 3 fields");
  const bodyBytes = reader.raw(reader.head(BYTES));
  const signatures = signaturesShape.read(reader) as Signature[];
  const receipts = receiptsShape.read(reader) as StorageReceipt[];
  reader.end();
  return { bodyBytes, signatures, receipts };
}

/** The codec for the message kinds of one application version; `schemas` maps a message type to its schema. */
export function createTransactionCodec(schemas: ReadonlyMap<string, TSchema>): TransactionCodec {
  const shapes = new Map([...schemas].map(([type, schema]) => [type, compileShape(schema)] as const));

  function shapeOf(type: string): Shape {
    const shape = shapes.get(type);
    if (!shape) throw errors.UnknownMessage({ type });
    return shape;
  }

  function readBody(bodyBytes: Uint8Array): TransactionBody {
    const reader = bodyReader;
    reader.reset(bodyBytes);
    if (reader.head(ARRAY) !== 2) throw new SchemaError("must have 2 fields", "/body");
    const header = headerShape.read(reader) as Static<typeof Header>;
    const count = reader.head(ARRAY);
    if (count < 1 || count > MAX_MESSAGES) throw new SchemaError(`must have 1 to ${MAX_MESSAGES} items`, "/messages");
    const messages: Message[] = [];
    for (let i = 0; i < count; i++) {
      if (reader.head(ARRAY) !== 2) throw new SchemaError("must have 2 fields", `/messages/${i}`);
      const type = typeShape.read(reader) as string;
      messages.push({ type, value: inMessage(i, () => shapeOf(type).read(reader)) });
    }
    reader.end();
    return { ...header, messages };
  }

  return {
    encodeBody({ messages, ...header }) {
      if (messages.length < 1 || messages.length > MAX_MESSAGES)
        throw errors.InvalidMessage({ path: "/messages", reason: `must have 1 to ${MAX_MESSAGES} items` });
      const writer = createCborWriter(MAX_WORK_BYTES);
      writer.head(ARRAY, 2);
      refusing(errors.InvalidMessage, () => headerShape.write(writer, header));
      writer.head(ARRAY, messages.length);
      messages.forEach(({ type, value }, i) => {
        const shape = shapeOf(type);
        writer.head(ARRAY, 2);
        typeShape.write(writer, type);
        inMessage(i, () => shape.write(writer, value));
      });
      return requireSize(writer.finish());
    },
    decode(bytes) {
      requireSize(bytes);
      return refusing(errors.Malformed, () => {
        const envelope = decodeEnvelope(bytes);
        return { body: readBody(envelope.bodyBytes), ...envelope };
      });
    },
    decodeBody: (bodyBytes) => refusing(errors.Malformed, () => readBody(requireSize(bodyBytes))),
    encodeValue({ type, value }) {
      const writer = createCborWriter(MAX_WORK_BYTES);
      const shape = shapeOf(type);
      refusing(errors.InvalidMessage, () => shape.write(writer, value));
      return requireSize(writer.finish());
    },
    decodeValue(type, bytes) {
      const shape = shapeOf(type);
      const reader = createCborReader(bytes);
      return refusing(errors.InvalidMessage, () => {
        const value = shape.read(reader);
        reader.end();
        return value;
      });
    },
  };
}

function requireSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_TRANSACTION_BYTES) throw errors.TooLarge({ sizeBytes: bytes.length, maxBytes: MAX_TRANSACTION_BYTES });
  return bytes;
}

function inMessage<T>(index: number, run: () => T): T {
  return refusing(errors.InvalidMessage, run, `/messages/${index}`);
}

/** Runs a codec step; what does not fit its schema becomes the given refusal, with the place and the reason. */
function refusing<T>(refusal: typeof errors.Malformed, run: () => T, prefix = ""): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SchemaError) throw refusal({ path: prefix + error.path, reason: error.reason });
    throw error;
  }
}
