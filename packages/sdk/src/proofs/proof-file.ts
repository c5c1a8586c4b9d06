import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { type Answer, readList, readObject, readText } from "../client/answer.ts";
import { GalenError, galenError } from "../client/galen-error.ts";
import { type Ending, endingsIn } from "./endings.ts";
import { eventIn, type KnownForm, recordUnder } from "./known-form.ts";
import type { Proof } from "./proof.ts";
import { proofErrors } from "./proof-error.ts";
import type { ProofContext } from "./signed-header.ts";
import { stateProofFromJson, stateProofToJson, verifyState } from "./state-proof.ts";
import { transactionProofFromJson, transactionProofToJson, verifyTransaction } from "./transaction-proof.ts";

/** What a file of proofs claims, and whether it holds. */
export interface VerifiedProofs {
  readonly chainId: string;
  /** Block time of the oldest header that was checked, milliseconds since 1970: what came later the proofs do not tell. */
  readonly asOf: number;
  /** What was checked, in words. */
  readonly checks: readonly string[];
  /** The proven records and events, as far as the rules of this version can read them. */
  readonly facts: readonly KnownForm[];
  /** What of it counts for nothing, or not now. */
  readonly endings: readonly Ending[];
}

const FORMAT = "galen-proof";
/** Version 1: JSON with the fields of the API's answers. */
const VERSION = 1;
const MAX_FILE_CHARACTERS = 4_194_304;
const MAX_PROOFS = 16;

/** The text of a proof file, to be checked by anybody without a node. */
export function createProofFile(proofs: readonly Proof[], crypto: CryptoProvider): string {
  if (proofs.length < 1 || proofs.length > MAX_PROOFS) throw new RangeError(`a proof file holds 1 to ${MAX_PROOFS} proofs`);
  return `${JSON.stringify(fileJson(proofs, crypto), undefined, 2)}\n`;
}

/**
 * Checks every proof in a file against the validators that the user trusts. Every byte counts: a file in which anything was changed, added or left
 * out is refused, unless it still says nothing but what is proven: whole proofs left out or repeated, an absent key for another at the same place,
 * another `index` and `total` that lead a transaction's paths the same way. Throws GalenError `proof/…`, which names what does not hold.
 */
export function verifyProofFile({ text, ...context }: ProofContext & { readonly text: string }): VerifiedProofs {
  return verifyProofs(parseProofFile(text, context.crypto), context);
}

/** Checks proofs that were fetched or parsed. Throws GalenError `proof/…`. */
export function verifyProofs(proofs: readonly Proof[], context: ProofContext): VerifiedProofs {
  const checks = proofs.flatMap((proof) => (proof.kind === "state" ? verifyState(proof, context) : verifyTransaction(proof, context)));
  return {
    chainId: context.trust.chainId,
    asOf: Math.min(...proofs.map(timeOf)),
    checks: [...new Set(checks)],
    facts: proofs.flatMap(factsIn),
    endings: endingsIn(proofs, context.nowMs),
  };
}

function timeOf(proof: Proof): number {
  return toMilliseconds((proof.kind === "state" ? proof.final : proof.nextFinal).header.time);
}

function factsIn(proof: Proof): KnownForm[] {
  const found =
    proof.kind === "transaction"
      ? proof.events.map(eventIn)
      : [proof.value === undefined ? undefined : recordUnder(proof.key, proof.value)];
  return found.filter((fact) => fact !== undefined);
}

/** The proofs in a file, not checked yet. Throws GalenError proof/Malformed, proof/VersionUnknown. */
export function parseProofFile(text: string, crypto: CryptoProvider): Proof[] {
  try {
    if (text.length > MAX_FILE_CHARACTERS) throw galenError(proofErrors.Malformed({ maxCharacters: MAX_FILE_CHARACTERS }));
    const file = readObject(JSON.parse(text), "file");
    if (file.format !== FORMAT) throw galenError(proofErrors.Malformed({ field: "format" }));
    if (file.version !== VERSION) throw galenError(proofErrors.VersionUnknown());
    const proofs = readList(file.proofs, "proofs", MAX_PROOFS).map((item) => proofFromJson(readObject(item, "proofs"), crypto));
    // What the readers pass over, such as a stray field or an address that does not fit its key, would show another text than was checked.
    const isWhole =
      proofs.length > 0 && withoutSpaces(text) === withoutSpaces(JSON.stringify(file)) && isSameJson(file, fileJson(proofs, crypto));
    if (!isWhole) throw galenError(proofErrors.Malformed({ field: "form" }));
    return proofs;
  } catch (cause) {
    throw malformed(cause);
  }
}

function proofFromJson(json: Answer, crypto: CryptoProvider): Proof {
  return readText(json.kind, "kind") === "transaction" ? transactionProofFromJson(json, crypto) : stateProofFromJson(json, crypto);
}

function fileJson(proofs: readonly Proof[], crypto: CryptoProvider) {
  const items = proofs.map((proof) => (proof.kind === "state" ? stateProofToJson(proof, crypto) : transactionProofToJson(proof, crypto)));
  return { format: FORMAT, version: VERSION, proofs: items };
}

/** JSON without its spaces. Of a text that was parsed, it is the same as of the value, unless a field is given twice or something is spelled otherwise. */
function withoutSpaces(json: string): string {
  return json.replaceAll(/[ \t\n\r]/g, "");
}

/** Equal but for the order of fields. */
function isSameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [ofA, ofB] = [Object.entries(a), new Map(Object.entries(b))];
  return Array.isArray(a) === Array.isArray(b) && ofA.length === ofB.size && ofA.every(([key, value]) => isSameJson(value, ofB.get(key)));
}

function malformed(cause: unknown): unknown {
  if (cause instanceof SchemaError) return galenError(proofErrors.Malformed({ field: cause.path, reason: cause.reason }), { cause });
  if (cause instanceof SyntaxError || cause instanceof RangeError)
    return galenError(proofErrors.Malformed({ reason: "not JSON" }), { cause });
  if (cause instanceof GalenError && cause.id.startsWith("client/")) return galenError(proofErrors.Malformed(cause.details), { cause });
  return cause;
}
