const { GALEN_RUNS = "1", GALEN_SEED } = process.env;

const times = Number(GALEN_RUNS);
if (!Number.isSafeInteger(times) || times < 1) throw new Error("GALEN_RUNS is how many times as many histories are tried as usual");
const seedNow = GALEN_SEED === undefined ? undefined : Number(GALEN_SEED);
if (seedNow !== undefined && !Number.isSafeInteger(seedNow)) throw new Error("GALEN_SEED is an integer");

/**
 * How many histories a test against a model tries, and from which seed: the same few in every run, so that what fails is the change that was made. `GALEN_RUNS`
 * tries so many times as many, `GALEN_SEED` others.
 */
export function modelRuns(numRuns: number, seed: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: numRuns * times, seed: seedNow ?? seed };
}

/** The time that such a test may take, milliseconds. */
export function modelTimeout(ms: number): number {
  return ms * times;
}
