import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { merkleRoot } from "@galen/ledger/crypto/rfc6962";
import { type Answer, readHex, readInteger, readList, readObject, readText } from "../client/answer.ts";
import { galenError } from "../client/galen-error.ts";
import { type TxProofFault, txProofFault } from "../light/tx-proof.ts";
import { proofErrors } from "./proof-error.ts";
import {
  type FinalHeader,
  finalHeaderFromJson,
  finalHeaderToJson,
  type ProofContext,
  requireFinal,
  requireTrusted,
} from "./signed-header.ts";

/** That a transaction stands in a block, what its result was, and which events it had. */
export interface TransactionProof {
  readonly kind: "transaction";
  readonly txHash: string;
  readonly height: number;
  /** With `total` the way that both paths take. RFC 6962 roots do not commit to a size, so other numbers may lead the same way: they prove no place. */
  readonly index: number;
  /** As the node has it, the transactions of the block. */
  readonly total: number;
  readonly bytes: Uint8Array;
  /** Path to the data hash of header `height`. */
  readonly inclusion: readonly Uint8Array[];
  /** 0 for success; `data` is the root over the events. */
  readonly result: { readonly code: number; readonly data: Uint8Array };
  /** Path to the results hash of header `height + 1`. */
  readonly resultInclusion: readonly Uint8Array[];
  /** Leaves of the event tree, in their order. */
  readonly events: readonly Uint8Array[];
  readonly final: FinalHeader;
  readonly nextFinal: FinalHeader;
}

/** A tree of all transactions that fit a block is not as high. */
const MAX_PATH = 64;
/** More than a transaction of 64 KiB can cause. */
const MAX_EVENTS = 4_096;

/** Reads a node's answer to /v1/transactions/:txHash/proof, or the same in a file. Throws GalenError client/UnexpectedAnswer, SchemaError. */
export function transactionProofFromJson(json: Answer, crypto: CryptoProvider): TransactionProof {
  const result = readObject(json.result, "result");
  return {
    kind: "transaction",
    txHash: readText(json.txHash, "txHash"),
    height: readInteger(json.height, "height"),
    index: readInteger(json.index, "index"),
    total: readInteger(json.total, "total"),
    bytes: readHex(json.bytes, "bytes"),
    inclusion: readHexList(json.inclusion, "inclusion", MAX_PATH),
    result: { code: readInteger(result.code, "code"), data: readHex(result.data, "data") },
    resultInclusion: readHexList(json.resultInclusion, "resultInclusion", MAX_PATH),
    events: readHexList(json.events, "events", MAX_EVENTS),
    final: finalHeaderFromJson(json.signedHeader, json.validators, crypto),
    nextFinal: finalHeaderFromJson(json.nextSignedHeader, json.nextValidators, crypto),
  };
}

function readHexList(value: unknown, name: string, maxItems: number): Uint8Array[] {
  return readList(value, name, maxItems).map((item) => readHex(item, name));
}

/** The one JSON form of a transaction proof. */
export function transactionProofToJson(proof: TransactionProof, crypto: CryptoProvider) {
  const { kind, txHash, height, index, total, bytes, inclusion, result, resultInclusion, events } = proof;
  const [final, next] = [finalHeaderToJson(proof.final, crypto), finalHeaderToJson(proof.nextFinal, crypto)];
  return {
    ...{ kind, txHash, height, index, total },
    bytes: bytesToHex(bytes),
    inclusion: inclusion.map(bytesToHex),
    result: { code: result.code, data: bytesToHex(result.data) },
    resultInclusion: resultInclusion.map(bytesToHex),
    events: events.map(bytesToHex),
    signedHeader: final.signedHeader,
    validators: final.validators,
    nextSignedHeader: next.signedHeader,
    nextValidators: next.validators,
  };
}

const refusals: Readonly<Record<TxProofFault, typeof proofErrors.HeaderNotLinked>> = {
  "header-not-linked": proofErrors.HeaderNotLinked,
  "tx-not-in-block": proofErrors.TransactionNotInBlock,
  "result-not-in-block": proofErrors.ResultNotInBlock,
  "result-of-another-tx": proofErrors.ResultNotInBlock,
};

/** Checks a transaction proof down to the signatures and says in words what was checked. Throws GalenError `proof/…`. */
export function verifyTransaction(proof: TransactionProof, context: ProofContext): string[] {
  const { txHash, height, index, total, bytes, result, events, final, nextFinal } = proof;
  const { crypto } = context;
  const signed = requireTrusted(nextFinal, context);
  requireFinal(final, crypto);
  if (final.header.height !== height) throw galenError(proofErrors.WrongHeight({ height, header: final.header.height }));
  if (bytesToHex(crypto.sha256(bytes)) !== txHash) throw galenError(proofErrors.TransactionNotInBlock({ txHash, height }));
  const fault = txProofFault(
    {
      tx: bytes,
      txInclusion: { index, total, aunts: proof.inclusion },
      result: { ...result, gasWanted: 0, gasUsed: 0 },
      resultInclusion: { index, total, aunts: proof.resultInclusion },
      header: final.header,
    },
    nextFinal.header,
    crypto,
  );
  if (fault) throw galenError(refusals[fault]({ txHash, height }));
  const root = result.code === 0 ? merkleRoot(events, crypto.sha256) : new Uint8Array(0);
  const hasStrays = result.code !== 0 && events.length > 0;
  if (hasStrays || !equalBytes(root, result.data)) throw galenError(proofErrors.EventsNotInResult({ txHash, height }));
  return [
    signed,
    `header ${height} is the one that header ${height + 1} follows`,
    `transaction ${txHash} is in block ${height}`,
    result.code === 0
      ? `it was executed with ${events.length} ${events.length === 1 ? "event" : "events"}`
      : `it was refused with code ${result.code}`,
  ];
}
