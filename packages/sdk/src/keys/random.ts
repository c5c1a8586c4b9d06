/** Gives `length` random bytes, each time fresh ones. Passed in where a test or a hardware source must decide. */
export type RandomSource = (length: number) => Uint8Array;

/** The platform's secure source. */
export const webRandom: RandomSource = (length) => crypto.getRandomValues(new Uint8Array(length));
