import { Header } from "@galen/ledger/block/header";
import { code, fenced, page, table } from "./markdown.ts";

const INTRODUCTION = `What \`galen verify ID --save\` writes, and all that a program in another language needs to check it:
[verify_proof.py](../../examples/verify_proof.py) does so with Python's standard library alone. What it is for:
[verify a record offline](../guides/verify-a-record-offline.md).

${fenced('{ "format": "galen-proof", "version": 1, "proofs": [ … ] }')}

UTF-8 of at most 4,194,304 characters, 1 to 16 proofs. A proof stands by itself: a file with some of the proofs of another is as good.

## One form

Whatever a reader would pass over could show another text than the one that was checked, so it is refused (\`proof/Malformed\`). Free are the spaces between
values and the order of fields. Every object has exactly the fields named here, none twice; integers are written as digits alone, characters without an escape
that JSON does not ask for.

| form | what it is |
| --- | --- |
| bytes | lowercase hexadecimal; in header, commit and validators uppercase, as CometBFT's RPC has it; keys and signatures there base64 with padding |
| integer | a number within ±(2^53 − 1); text in \`version\`, \`height\`, \`voting_power\` and \`proposer_priority\` of header, commit and validators |
| time | RFC 3339 in UTC, up to nine digits of fraction without zeros at the end |

## State

That a key has a value, or none, after the block at a height.

| field | what it is |
| --- | --- |
| \`kind\` | \`state\` |
| \`key\` | 1 to 1,024 characters of printable ASCII ([state](state.md)) |
| \`height\` | integer |
| \`value\` | bytes, the canonical encoding of the record; \`null\`: there is none |
| \`proof\` | bytes, the path |
| \`signedHeader\`, \`validators\` | header of \`height\` + 1, whose \`app_hash\` is the root; its commit and its validators |

The state is a binary sparse Merkle tree over the SHA-256 of the keys, in which a subtree with one leaf is that leaf. Bit 0 of a place is the highest bit of
its first byte; where it is 0, the way from the root goes left.

${fenced(`place = SHA-256(key)
leaf  = SHA-256(SHA-256(place ‖ SHA-256(value)) ‖ "galen/state/leaf" and 16 zero bytes)
inner = SHA-256(left ‖ right)
empty = 32 zero bytes`)}

The path is in bytes:

1. one byte: 0 the key's own leaf, 1 nothing at its place, 2 the leaf of a neighbour;
2. two bytes, big endian: the number of siblings from the root down, at most 256;
3. a bit for each sibling, the highest first, 1 where it is not empty, filled up with zeros to whole bytes;
4. the siblings that are not empty, 32 bytes each; none of them is 32 zero bytes, and the last sibling is not empty;
5. for a neighbour \`SHA-256(key)\` and \`SHA-256(value)\` of its leaf.

Nothing follows. Presence is shown by 0 with the value, absence by 1 or 2 without one. A neighbour counts where its place and the key's begin with at least
as many equal bits as there are siblings, and are not equal. An absence holds for every other key at such a place as well.

## Transaction

That a transaction is in the block at a height, with this result and these events.

| field | what it is |
| --- | --- |
| \`kind\` | \`transaction\` |
| \`txHash\` | SHA-256 of \`bytes\` |
| \`height\` | integer |
| \`index\`, \`total\` | the way that both paths take; no more is proven by them |
| \`bytes\` | the transaction ([transactions](transactions.md)) |
| \`inclusion\` | list of up to 64 hashes: path from \`txHash\`, as a leaf, to \`data_hash\` of the header of \`height\` |
| \`result\` | \`code\`, 0 for success ([refusals](errors.md)), and \`data\`, the root over the events; empty if the code is not 0 |
| \`resultInclusion\` | likewise, from the result to \`last_results_hash\` of the next header |
| \`events\` | list of up to 4,096 leaves: type, a zero byte, the event's canonical encoding ([events](events.md)); none if the code is not 0 |
| \`signedHeader\`, \`validators\` | header of \`height\`, whose hash is \`last_block_id.hash\` of the next; its commit and its validators |
| \`nextSignedHeader\`, \`nextValidators\` | the same of \`height\` + 1 |

All trees are those of RFC 6962 §2.1, with \`0x00\` before a leaf and \`0x01\` before two children. Paths are audit paths, from the leaf's sibling up. A
result as a leaf is the protobuf message with \`code\` as field 1 and \`data\` as field 2.

## Header, commit, validators

In the JSON of CometBFT's RPC: a signed header is \`header\` and \`commit\`. In protobuf a number that is 0 and bytes that are empty are left out; a message
inside another never is.

**Header.** Its hash is the RFC 6962 root over its fields. A field that is itself a message is a leaf as it is, any other as the only field, with number 1, of a message.`;

const PARTS = `**Block id**: \`hash\` (1) and \`parts\` (2), a message of \`total\` (1) and \`hash\` (2).

**Time**: \`seconds\` since 1970 (1) and \`nanos\` (2).

**Validators** stand by falling power, then by address, which is the first 20 bytes of the key's SHA-256. Each has \`address\`, \`pub_key\` (\`type\`
\`tendermint/PubKeyEd25519\`, \`value\`), \`voting_power\` and \`proposer_priority\`, always \`0\`. The hash of the set is the RFC 6962 root over a message for each:
the key (1), itself a message with the Ed25519 key as field 1, and the power (2).

**Commit**: \`height\`, \`round\`, \`block_id\` and \`signatures\`, a vote for each validator, in their order: \`block_id_flag\`, \`validator_address\`, \`timestamp\`,
\`signature\`. Flag 2 is a vote for the block, 3 a vote for none, 1 a vote that did not arrive: without address and signature, with the time
\`0001-01-01T00:00:00Z\`. What is signed is this message, with its length as a varint before it:

| number | field | form |
| --- | --- | --- |
| 1 | 2, for a precommit | varint |
| 2 | height | 64 bits, little endian |
| 3 | round | 64 bits, little endian |
| 4 | block id, left out in a vote for none | message |
| 5 | time of the vote | message |
| 6 | chain id | text |

Ed25519 is verified under [ZIP-215](https://zips.z.cash/zip-0215).

## Trust

\`network.json\` of a wallet, from somebody whom you believe. Fields besides these are of no account here.

| field | what it is |
| --- | --- |
| \`chainId\`, \`validatorsHash\` | a chain, and \`validators_hash\` of the headers that its validators sign, lowercase hexadecimal |
| \`earlier\` | optional: sets of validators that were followed until this one, of this chain or of one that it goes on from; each with \`chainId\`, \`validatorsHash\` and \`untilHeight\`, the last height for which it vouches |

## What is checked

In this order; each has its [refusal](errors.md#the-client).`;

const checks = [
  ["`WrongChain`", "the header, of a transaction the next one, names the chain that is trusted, or that of an earlier set"],
  ["`ValidatorsNotTrusted`", "its `validators_hash` is trusted at its height, and is the hash of the validators beside it"],
  ["`HeaderNotSigned`", "the commit has the height of the header, and its hash in `block_id`"],
  [
    "`CommitInvalid`",
    "every vote stands in its validator's place and is signed, those for none as well; those for the block have more than two thirds of the power",
  ],
  ["`TimeInFuture`", "the header's time is at most 10 seconds ahead of the clock"],
  ["`WrongHeight`", "state: the header is that of `height` + 1"],
  ["`StateNotProven`", "state: the path leads to `app_hash`"],
  ["", "transaction: validators, commit and height of its own header, as above; whom to trust follows from the next"],
  ["`TransactionNotInBlock`", "transaction: `txHash` is that of `bytes`"],
  ["`HeaderNotLinked`", "transaction: the next header is that of `height` + 1 and names its header"],
  ["`TransactionNotInBlock`", "transaction: `inclusion` leads to `data_hash`"],
  ["`ResultNotInBlock`", "transaction: `resultInclusion` leads to `last_results_hash` of the next header"],
  ["`EventsNotInResult`", "transaction: the events are those of `data`, or there are neither"],
];

/** `docs/reference/proof-file.md`. */
export function proofFilePage(): string {
  return page("# Proof files", INTRODUCTION, headerTable(), PARTS, table(["refusal", "what must hold"], checks));
}

const leafForms: Readonly<Record<string, string>> = {
  version: "message of `block` (1) and `app` (2), varints",
  chain_id: "text",
  height: "varint",
  time: "message",
  last_block_id: "message",
  proposer_address: "20 bytes",
};

function headerTable(): string {
  const rows = Header.fields.map(([, { names, tag }]) => [`${tag}`, code(names[0]), leafForms[names[0]] ?? "32 bytes, or none"]);
  return table(["number", "field", "form"], rows);
}
