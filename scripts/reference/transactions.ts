import { readFileSync } from "node:fs";
import { compileVersion } from "@galen/ledger/app/version";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { prepareTransaction } from "@galen/ledger/tx/prepare";
import {
  MAX_MESSAGES,
  MAX_RECEIPTS,
  MAX_SIGNATURES,
  MAX_SIGNERS,
  MAX_TRANSACTION_BYTES,
  Signature,
  StorageReceipt,
} from "@galen/ledger/tx/transaction";
import { fieldTable } from "./fields.ts";
import { code, fenced, page, table } from "./markdown.ts";
import { currentVersion } from "./rules.ts";

const INTRODUCTION = `A transaction is the canonical CBOR of three things:

${fenced("[ body as a byte string, signatures, receipts ]")}

At most ${MAX_TRANSACTION_BYTES.toLocaleString("en")} bytes. One value has one encoding, and a node refuses any other (\`tx/Malformed\`), so the bytes below are all that an
implementation in another language needs. \`POST /v1/transactions\` takes them as they are ([HTTP API](http-api.md)).`;

const ENCODING = `## Encoding

Deterministic CBOR, [RFC 8949 §4.2.1](https://www.rfc-editor.org/rfc/rfc8949#section-4.2.1): every length and integer in its shortest form, no indefinite lengths. Of CBOR only
these parts occur; maps, tags, floats and undefined do not.`;

const encodings = [
  ["bytes, ids, hashes, keys, signatures", "byte string; lowercase hexadecimal text in JSON"],
  ["text, code, one of several literals", "text string, well-formed UTF-8 without control characters"],
  ["integer, time", "integer within ±(2^53 − 1); times in milliseconds since 1970"],
  ["true or false", "`true`, `false`"],
  ["list", "array"],
  ["structure", "array of its fields in the order of the field table; an optional field that is left out is `null`"],
  ["one of several kinds", "array of two: the kind as text, then the structure, whose first field is the kind again"],
];

const bodyFields = [
  ["`chainId`", "text of 1 to 50 characters", "the network for which it is signed"],
  ["`signers`", `list of 1 to ${MAX_SIGNERS}: 32 bytes`, "the accounts that act; where a message names nobody, the first one does"],
  ["`expiresAt`", "time", "block time from which it is worth nothing; not further ahead than `maxTransactionLifetimeMs`"],
  ["`salt`", "8 bytes", "random; tells two otherwise equal transactions apart"],
];

const BODY = `## Body

${fenced("[ [ chainId, signers, expiresAt, salt ], [ [ type, fields ], … ] ]")}

The header, then 1 to ${MAX_MESSAGES} messages: the type as text, and the structure of its fields ([messages](messages.md)). They take effect together, in their
order, or not at all.`;

const SIGNATURES = `## Signatures

1 to ${MAX_SIGNATURES}, each over the ASCII text \`galen/transaction/1:\` followed by the body's bytes. Ed25519 is verified under ZIP-215, ECDSA over P-256 with SHA-256 as
\`r ‖ s\`. For every signer the keys that signed must carry the account's threshold, and every signature must be by a key of some signer. An
account that the transaction itself founds with \`accounts.create\` signs with the keys that it brings.`;

const RECEIPTS = `## Storage receipts

Needed when messages name sealed blobs: up to ${MAX_RECEIPTS}, by validators with more than two thirds of the voting power, from \`POST /v1/blobs\`. Each is an
Ed25519 signature over the ASCII text \`galen/storage-receipt/1:<chainId>:\` followed by the RFC 6962 root of the blobs' addresses, in the order in
which the messages name them. They are not under the body's signatures: they are collected before, and checked by themselves.`;

const NAMES = `## Names

- **Body hash**: SHA-256 of the body's bytes. A body executes once; its hash is remembered until it has expired, whoever adds or swaps signatures.
- **Transaction hash**: SHA-256 of the whole bytes, as in CometBFT. Under it a transaction is found in its block, and its proof is fetched.

Ids that the ledger makes, such as that of a release, are SHA-256 of the body hash and the position of the message, one byte.`;

/** `docs/reference/transactions.md`. */
export function transactionsPage(): string {
  return page(
    "# Transactions",
    INTRODUCTION,
    ENCODING,
    table(["value", "CBOR"], encodings),
    BODY,
    table(["field", "type", "what it is"], bodyFields),
    SIGNATURES,
    fieldTable(Signature),
    RECEIPTS,
    fieldTable(StorageReceipt),
    NAMES,
    example(),
    "More of them, with results and app hashes: [vectors](../../vectors/README.md).",
  );
}

/** The shortest recorded transaction, taken apart. */
function example(): string {
  const chain = JSON.parse(readFileSync(new URL("../../vectors/chain-1.json", import.meta.url), "utf8")) as {
    readonly blocks: readonly { readonly txs: readonly string[] }[];
  };
  const all = chain.blocks.flatMap(({ txs }) => txs);
  const hex = all.reduce((shortest, other) => (other.length < shortest.length ? other : shortest));
  const { transaction, txHash, bodyHash } = prepareTransaction(hexToBytes(hex)!, compileVersion(currentVersion).codec, portableCrypto);
  const { body, signatures, receipts } = transaction;
  return [
    "## Example",
    fenced(lines(hex)),
    `Transaction hash ${code(txHash)}, body hash ${code(bodyHash)}. Read with the names of the fields, it is:`,
    `\`\`\`json\n${JSON.stringify({ body, signatures, receipts }, undefined, 2)}\n\`\`\``,
  ].join("\n\n");
}

/** Hexadecimal text in lines of 64 bytes. */
function lines(hex: string): string {
  return (hex.match(/.{1,128}/g) ?? []).join("\n");
}
