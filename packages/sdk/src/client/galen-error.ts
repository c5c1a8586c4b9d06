import { type Details, defineErrors, type Refusal } from "@galen/ledger/app/refusal";

/** What the SDK itself says no to, beside what nodes and the ledger refuse. */
export const clientErrors = defineErrors("client", 91_000, {
  Unreachable: [
    1,
    503,
    "the node cannot be reached; check its address and that it runs, and look first whether a transaction took effect: done anew, it counts again",
  ],
  TimedOut: [
    2,
    504,
    "the node did not answer in time; ask again, but look first whether a transaction took effect: done anew, it counts again",
  ],
  UnexpectedAnswer: [3, 502, "what came is no answer of a Galen node; check the address and that client and node are of one version"],
  WrongBlob: [4, 502, "the node sent other bytes than the ledger names; fetch them from another node"],
  UnknownObject: [5, 404, "no object has this id; check the id"],
  TooLarge: [6, 413, "the document is too large for one blob; split it"],
  NoTrust: [7, 409, "a proof is checked against somebody's signatures; create the client with `trust`"],
  TooFewNodes: [
    9,
    503,
    "too few nodes hold the sealed bytes: it takes more than two thirds of the voting power; try again when more nodes are reachable",
  ],
  NotAnId: [8, 422, "an id has 64 characters, digits and the letters a to f; copy all of it"],
  UnusableRecordKey: [
    10,
    422,
    "the owner's account has a record key to which nothing can be sealed; ask the owner to give the account new keys",
  ],
});

/** Everything that the SDK's actions reject with. `id` is stable (`vault/NotOwner`), `sentence` says what is wrong and what to do. */
export class GalenError extends Error {
  override readonly name = "GalenError";
  readonly id: string;
  /** HTTP status that belongs to the id. */
  readonly status: number;
  readonly sentence: string;
  readonly details: Details;
  /** The transaction that was refused, where there is one. */
  readonly txHash: string | undefined;

  constructor(problem: GalenProblem, options?: { readonly cause?: unknown }) {
    super(`${problem.id}: ${problem.sentence}`, options);
    this.id = problem.id;
    this.status = problem.status;
    this.sentence = problem.sentence;
    this.details = problem.details ?? {};
    this.txHash = problem.txHash;
  }
}

export interface GalenProblem {
  readonly id: string;
  readonly status: number;
  readonly sentence: string;
  readonly details?: Details;
  readonly txHash?: string | undefined;
}

/** A refusal of a table as the error that callers see. */
export function galenError({ kind, details }: Refusal, options: { readonly cause?: unknown; readonly txHash?: string } = {}): GalenError {
  return new GalenError({ id: kind.id, status: kind.status, sentence: kind.sentence, details, txHash: options.txHash }, options);
}

/**
 * Whether an answer judges nothing: the node is busy, away or broken, or a proxy speaks in its place. It may pass, and what was asked may have been done all the
 * same.
 */
export function isNoVerdict({ status }: Pick<GalenError, "status">): boolean {
  return status === 408 || status === 429 || status >= 500;
}
