import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { decodeStateProof, verifyStateProof } from "@galen/ledger/store/proof";
import { type Answer, readHex, readInteger, readList, readObject, readText } from "../client/answer.ts";
import { galenError } from "../client/galen-error.ts";
import { proofErrors } from "./proof-error.ts";
import {
  type FinalHeader,
  finalHeaderFromJson,
  finalHeaderToJson,
  type ProofContext,
  requireFresh,
  requireTrusted,
} from "./signed-header.ts";

/** That a key of the state had a value, or none, after the block at `height`. */
export interface StateProof {
  readonly kind: "state";
  readonly key: string;
  readonly height: number;
  /** Canonical bytes of the record; undefined: there is none. */
  readonly value: Uint8Array | undefined;
  /** Binary form of the ledger's `StateProof`. */
  readonly path: Uint8Array;
  /** The header at `height + 1`, whose app hash is the state after `height`. */
  readonly final: FinalHeader;
}

/** Reads a node's answer to /v1/state, or the same in a file. Throws GalenError client/UnexpectedAnswer, SchemaError. */
export function stateProofFromJson(json: Answer, crypto: CryptoProvider): StateProof {
  const final = finalHeaderFromJson(json.signedHeader, json.validators, crypto);
  return proofUnder(final, readInteger(json.height, "height"), json);
}

/** Reads a node's answer to /v1/state/proofs: proofs that share one header. Throws likewise. */
export function stateProofsFromJson(json: Answer, crypto: CryptoProvider): StateProof[] {
  const final = finalHeaderFromJson(json.signedHeader, json.validators, crypto);
  const height = readInteger(json.height, "height");
  return readList(json.records, "records").map((record) => proofUnder(final, height, readObject(record, "record")));
}

function proofUnder(final: FinalHeader, height: number, json: Answer): StateProof {
  return {
    kind: "state",
    key: readText(json.key, "key"),
    height,
    value: json.value === null ? undefined : readHex(json.value, "value"),
    path: readHex(json.proof, "proof"),
    final,
  };
}

/** The one JSON form of a state proof. */
export function stateProofToJson({ kind, key, height, value, path, final }: StateProof, crypto: CryptoProvider) {
  return { kind, key, height, value: value ? bytesToHex(value) : null, proof: bytesToHex(path), ...finalHeaderToJson(final, crypto) };
}

/** Checks a state proof down to the signatures and says in words what was checked. Throws GalenError `proof/…`. */
export function verifyState(proof: StateProof, context: ProofContext): string[] {
  return [requireSpeaking(proof.final, context), requireProven(proof, context)];
}

/** Checks many, and a header that several share only once. Throws likewise. */
export function verifyStates(proofs: readonly StateProof[], context: ProofContext): void {
  for (const final of new Set(proofs.map((proof) => proof.final))) requireSpeaking(final, context);
  for (const proof of proofs) requireProven(proof, context);
}

function requireSpeaking(final: FinalHeader, context: ProofContext): string {
  const signed = requireTrusted(final, context);
  requireFresh(final, context);
  return signed;
}

function requireProven({ key, height, value, path, final }: StateProof, { crypto }: ProofContext): string {
  if (final.header.height !== height + 1) throw galenError(proofErrors.WrongHeight({ height, header: final.header.height }));
  const decoded = decodeStateProof(path);
  const isProven = decoded && verifyStateProof({ crypto, root: final.header.appHash, key, value, proof: decoded });
  if (!isProven) throw galenError(proofErrors.StateNotProven({ key, height }));
  return `key ${key} is ${value ? `present with ${value.length} bytes` : "absent"} under app hash ${bytesToHex(final.header.appHash)}`;
}
