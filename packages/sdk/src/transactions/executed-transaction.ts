import type { Details } from "@galen/ledger/app/refusal";
import { readInteger, readList, readObject, readText } from "../client/answer.ts";
import { GalenError } from "../client/galen-error.ts";

/** A fact that a transaction produced, as the API shows it. */
export interface TransactionEvent {
  /** `module.happened`. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A transaction that was executed and did what it said. */
export interface ExecutedTransaction {
  readonly txHash: string;
  readonly height: number;
  /** Place in its block, from 0. */
  readonly index: number;
  readonly events: readonly TransactionEvent[];
}

/** An executed transaction in a node's answer. Throws GalenError: the ledger's refusal if it was refused, client/UnexpectedAnswer. */
export function readExecuted(value: unknown): ExecutedTransaction {
  const answer = readObject(value, "transaction");
  const txHash = readText(answer.txHash, "txHash");
  if (answer.refusal !== undefined && answer.refusal !== null) throw refusalIn(answer.refusal, txHash);
  const events = readList(answer.events, "events").map((one) => {
    const event = readObject(one, "event");
    return { type: readText(event.type, "type"), data: readObject(event.data, "data") };
  });
  return { txHash, height: readInteger(answer.height, "height"), index: readInteger(answer.index, "index"), events };
}

function refusalIn(value: unknown, txHash: string): GalenError {
  const { id, status, sentence, details } = readObject(value, "refusal");
  return new GalenError({
    id: readText(id, "id"),
    status: readInteger(status, "status"),
    sentence: readText(sentence, "sentence"),
    details: readObject(details, "details") as Details,
    txHash,
  });
}
