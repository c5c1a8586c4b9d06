import type { TxResult } from "@galen/ledger/app/execute";
import { type Details, Refusal } from "@galen/ledger/app/refusal";
import type { Answer } from "./route.ts";

/** A refusal as RFC 9457 has it; `title` is the stable id. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly details: Details;
  readonly instance?: string;
  readonly txHash?: string;
}

export const PROBLEM_TYPE = "application/problem+json";

/** What came of a transaction that was executed and refused. */
type Refused = NonNullable<TxResult["refusal"]>;

/** The answer to a refusal of the API, the engine or the ledger. */
export function problemAnswer(refusal: Refusal | Refused, extra: { txHash?: string; instance?: string } = {}): Answer {
  const { id, status, sentence, details } = refusal instanceof Refusal ? { ...refusal.kind, details: refusal.details } : refusal;
  const body: Problem = { type: "about:blank", title: id, status, detail: sentence, details, ...extra };
  return { status, type: PROBLEM_TYPE, body, headers: headersOf(details) };
}

/** RFC 9110 §10.2.3: whole seconds; §10.2.1: the methods, which an answer of 405 must name. */
function headersOf({ retryAfterMs, allowed }: Details): Readonly<Record<string, string>> {
  return {
    ...(typeof retryAfterMs === "number" ? { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) } : {}),
    ...(typeof allowed === "string" ? { allow: allowed } : {}),
  };
}
