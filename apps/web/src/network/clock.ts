import { GalenError } from "@galen/sdk/client/galen-error";
import { useSyncExternalStore } from "react";
import { hearHeightIn } from "./heights.ts";

/** Newest headers lie in the future of a clock that is further behind, and no proof counts by it. */
const MAX_BEHIND_MS = 10_000;
/** A node takes no signed request by a clock that is further ahead. */
const MAX_AHEAD_MS = 60_000;
/** The header `date` names a second, not the moment in it. */
const SECOND_MS = 1_000;

/** This device and the node disagree on what time it is. Milliseconds since 1970. */
export interface ClockFault {
  readonly deviceAt: number;
  readonly networkAt: number;
}

/** Nothing is signed by a clock that is wrong: it would expire at the wrong time. */
export class WrongClockError extends Error {
  override readonly name = "WrongClockError";
  readonly fault: ClockFault;

  constructor(fault: ClockFault) {
    super("the clocks of this device and of the node disagree");
    this.fault = fault;
  }
}

interface Asked {
  /** When the device asked, and when it had the answer, by its own clock. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** When the node answered, by its clock. */
  readonly nodeAt: number;
}

/** How the clocks disagree; undefined where the time that a request takes explains it, or it does no harm. */
export function compareClocks({ askedAt, answeredAt, nodeAt }: Asked): ClockFault | undefined {
  if (answeredAt < nodeAt - MAX_BEHIND_MS) return { deviceAt: answeredAt, networkAt: nodeAt };
  if (askedAt > nodeAt + SECOND_MS + MAX_AHEAD_MS) return { deviceAt: askedAt, networkAt: nodeAt };
  return undefined;
}

let fault: ClockFault | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How the clocks disagreed when the node last answered. */
export function useClockFault(): ClockFault | undefined {
  return useSyncExternalStore(subscribe, () => fault);
}

/** Throws WrongClockError where the clocks disagreed when the node last answered. */
export function requireRightClock(): void {
  if (fault) throw new WrongClockError(fault);
}

/** Resolves when the clocks agree. */
export async function rightClock(): Promise<void> {
  while (fault) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = subscribe(resolve);
    await promise;
    stop();
  }
}

/** As `fetch`; every answer of the node also tells what time it is there, and how far its chain has come. */
export async function fetchFromNode(...request: Parameters<typeof fetch>): Promise<Response> {
  const askedAt = Date.now();
  const response = await fetch(...request);
  const nodeAt = Date.parse(response.headers.get("date") ?? "");
  hearHeightIn(response);
  if (!Number.isNaN(nodeAt)) hear(compareClocks({ askedAt, answeredAt: Date.now(), nodeAt }));
  return response;
}

function hear(found: ClockFault | undefined): void {
  if (found === undefined && fault === undefined) return;
  fault = found;
  for (const listener of listeners) listener();
}

/** What a wrong clock makes of honest proofs, requests and transactions. */
const byClock: readonly string[] = [
  "proof/TimeInFuture",
  "proof/Stale",
  "proof/ValidatorsNotFollowed",
  "tx/Expired",
  "tx/ExpiryTooFar",
  "vault/ExpiryInPast",
  "approvals/BadWindow",
  "api/Unauthenticated",
];

/** The disagreement of clocks behind something that was thrown; undefined where the clocks have nothing to do with it. */
export function clockFaultIn(error: unknown): ClockFault | undefined {
  if (error instanceof WrongClockError) return error.fault;
  if (!(error instanceof GalenError) || !byClock.includes(error.id)) return undefined;
  // Trusted validators have signed at a time that is yet to come here: that needs no node to be known.
  const { blockTime } = error.details;
  if (error.id === "proof/TimeInFuture" && typeof blockTime === "number") return { deviceAt: Date.now(), networkAt: blockTime };
  return fault;
}
