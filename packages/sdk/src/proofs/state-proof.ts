import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { decodeStateProof, verifyStateProof } from "@galen/ledger/store/proof";
import { type Answer, readHex, readInteger, readText } from "../client/answer.ts";
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
  return {
    kind: "state",
    key: readText(json.key, "key"),
    height: readInteger(json.height, "height"),
    value: json.value === null ? undefined : readHex(json.value, "value"),
    path: readHex(json.proof, "proof"),
    final: finalHeaderFromJson(json.signedHeader, json.validators, crypto),
  };
}

/** The one JSON form of a state proof. */
export function stateProofToJson({ kind, key, height, value, path, final }: StateProof, crypto: CryptoProvider) {
  return { kind, key, height, value: value ? bytesToHex(value) : null, proof: bytesToHex(path), ...finalHeaderToJson(final, crypto) };
}

/** Checks a state proof down to the signatures and says in words what was checked. Throws GalenError `proof/…`. */
export function verifyState(proof: StateProof, context: ProofContext): string[] {
  const { key, height, value, path, final } = proof;
  const signed = requireTrusted(final, context);
  requireFresh(final, context);
  if (final.header.height !== height + 1) throw galenError(proofErrors.WrongHeight({ height, header: final.header.height }));
  const decoded = decodeStateProof(path);
  const { crypto } = context;
  const isProven = decoded && verifyStateProof({ crypto, root: final.header.appHash, key, value, proof: decoded });
  if (!isProven) throw galenError(proofErrors.StateNotProven({ key, height }));
  return [
    signed,
    `key ${key} is ${value ? `present with ${value.length} bytes` : "absent"} under app hash ${bytesToHex(final.header.appHash)}`,
  ];
}
