import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { afterHeight, type Notice, noticeOf, subscribe, type Topic } from "@galen/sdk/client/subscribe";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { clockFaultIn, rightClock } from "../network/clock.ts";
import { hearHeight } from "../network/heights.ts";

/** Somebody in this tab who hears of the ledger. */
export interface Ear {
  readonly client: Client;
  /** Whom personal topics are about; undefined where nobody is here. */
  readonly own: OwnAccount | undefined;
  readonly topics: readonly Topic[];
  readonly hear: (notice: Notice) => void;
  /** Hears why the node tells nothing for now. */
  readonly onRefused: (error: unknown) => void;
  /** Id of the last notice that it has heard, or need not hear. */
  place: string;
}

/** After a refusal: another node may stand there then, or listeners may have left. A wrong clock is waited for. */
const PATIENCE_MS = 30_000;

interface Stream {
  /** Who listens to what. */
  readonly what: string;
  /** Id up to which it has told everything. */
  reached: string;
  readonly end: AbortController;
}

const ears = new Set<Ear>();
let open: Stream | undefined;
let isTuning = false;

/**
 * Tells an ear what it wants to hear from its place on, until the function that comes back is called. All ears share one stream, because a browser opens six
 * connections to a host, for all its tabs. A tab that nobody sees has none until it is looked at; then it is told what it has missed.
 */
export function listen(ear: Ear): () => void {
  ears.add(ear);
  // The same listener counts once.
  document.addEventListener("visibilitychange", tune);
  tune();
  return () => {
    ears.delete(ear);
    tune();
  };
}

/** Opens the stream anew if it does not serve all who hear. Those who come and go in one moment are one change. */
function tune(): void {
  if (isTuning) return;
  isTuning = true;
  queueMicrotask(() => {
    isTuning = false;
    const isWanted = ears.size > 0 && document.visibilityState === "visible";
    if (isWanted && open && isServed(open)) return;
    open?.end.abort();
    open = undefined;
    if (!isWanted) return;
    open = { what: what(), reached: earliestPlace(), end: new AbortController() };
    void follow(open);
  });
}

function isServed(stream: Stream): boolean {
  return stream.what === what() && [...ears].every(({ place }) => !isAfter(stream.reached, place));
}

function what(): string {
  return [speaker().own?.account, ...topics()].join();
}

/** Whoever came last is of the person who is here now. */
function speaker(): Ear {
  return [...ears].at(-1)!;
}

function topics(): readonly Topic[] {
  return (Object.keys(noticeOf) as Topic[]).filter((topic) => [...ears].some((ear) => ear.topics.includes(topic)));
}

function earliestPlace(): string {
  return [...ears].map(({ place }) => place).reduce((first, place) => (isAfter(first, place) ? place : first));
}

async function follow(stream: Stream): Promise<void> {
  const { signal } = stream.end;
  const { client, own } = speaker();
  const onPlace = (id: string) => reach(stream, id);
  while (!signal.aborted) {
    const options = { topics: topics(), ...(own && { as: own }), after: earliestPlace(), onPlace, signal };
    try {
      for await (const notice of subscribe(client, options)) tell(notice);
    } catch (error) {
      for (const ear of ears) ear.onRefused(error);
      if (error instanceof GalenError) startOver(error);
      await (clockFaultIn(error) ? rightClock() : new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)));
    }
  }
}

/** Tells those who want to hear of it and have not yet: some have been told from an earlier place on for the sake of others. */
function tell(notice: Notice): void {
  const { id, event, data } = notice;
  const place = id ?? afterHeight(Number(data.to));
  for (const ear of ears) {
    const isWanted = event === "gap" || ear.topics.some((topic) => noticeOf[topic] === event);
    if (isWanted && isAfter(place, ear.place)) ear.hear(notice);
  }
}

function reach(stream: Stream, id: string): void {
  if (stream.end.signal.aborted) return;
  stream.reached = id;
  for (const ear of ears) if (isAfter(id, ear.place)) ear.place = id;
  hearHeight(heightOf(id));
}

/** Where the chain has fewer blocks than before, it was restored from an older copy: what is known may never have been. */
function startOver({ id, details: { latest } }: GalenError): void {
  if (id !== "api/HeightNotHeld" || typeof latest !== "number") return;
  for (const ear of ears) {
    ear.place = afterHeight(latest);
    ear.hear({ id: undefined, event: "gap", data: { to: latest } });
  }
}

function isAfter(id: string, other: string): boolean {
  const [height, index] = numbersOf(id);
  const [otherHeight, otherIndex] = numbersOf(other);
  return height > otherHeight || (height === otherHeight && index > otherIndex);
}

/** Of an id `height/index`. */
export function heightOf(id: string): number {
  return numbersOf(id)[0];
}

/** Of `height/index`. */
function numbersOf(id: string): readonly [height: number, index: number] {
  const [height = "", index = ""] = id.split("/");
  return [Number(height), Number(index)];
}
