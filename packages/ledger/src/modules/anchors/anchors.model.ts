import fc from "fast-check";

export const signers = ["north", "east", "ann"] as const;

/** A statement of a signer about the block so far from the one that takes it: 1 is the last final one. */
export interface Operation {
  readonly signer: (typeof signers)[number];
  readonly back: number;
  readonly place: string;
}

export const operation: fc.Arbitrary<Operation> = fc.record({
  signer: fc.constantFrom(...signers),
  back: fc.integer({ min: -3, max: 3 }),
  place: fc.constantFrom("gazette", "notary", "another chain"),
});

/** A statement as the list shows it. */
export interface Stated {
  readonly signer: string;
  readonly height: number;
  readonly place: string;
}

/** Applies an operation in block `height`; returns the id of the refusal that must be the answer, undefined for success. */
export function apply(list: Stated[], { signer, back, place }: Operation, height: number): string | undefined {
  if (signer === "ann") return "anchors/NotMember";
  if (back < 1) return "anchors/NotFinal";
  list.push({ signer, height: height - back, place });
  return undefined;
}
