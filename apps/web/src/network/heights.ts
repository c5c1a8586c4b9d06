/** Header of every answer of the node: a height that nothing in the answer is older than. */
const HEADER = "galen-height";

let newest: number | undefined;
/** How far the chain had come when somebody came to this tab, and when that one first had an answer. */
let arrival: { readonly known: number | undefined; answered: number | undefined } = { known: undefined, answered: undefined };

/** Hears how far the chain of the node has come. */
export function hearHeight(height: number): void {
  newest = Math.max(newest ?? 0, height);
  arrival.answered ??= height;
}

export function hearHeightIn({ headers }: Response): void {
  const text = headers.get(HEADER);
  if (text !== null) hearHeight(Number(text));
}

/** Somebody comes: nothing that will be asked for that one is older than what was heard until now. */
export function noteArrival(): void {
  arrival = { known: newest, answered: undefined };
}

/** The chain is another one from now on. */
export function forgetHeights(): void {
  newest = undefined;
  noteArrival();
}

/** The highest that was heard of; undefined before the first answer. */
export function newestHeight(): number | undefined {
  return newest;
}

/** A height that nothing asked for the person here is older than; undefined where nothing was heard before that one came. */
export function heightOnArrival(): number | undefined {
  return arrival.known;
}

/** Whether a block came when the person was here: what lies before it is found in the lists, and is no news. */
export function isSinceArrival(height: number): boolean {
  return arrival.answered !== undefined && height > arrival.answered;
}
