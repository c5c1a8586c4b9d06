import { type DescribedBody, describeBody } from "@galen/sdk/acts/describe-body";
import type { Names } from "@galen/sdk/acts/say";
import { currentLanguage } from "../frame/texts.ts";

/** Several transactions that are signed by one yes, in words: every act of every one, and the terms of all. Throws like `describeBody`, and for none. */
export function describeBodies(bodies: readonly Uint8Array[], names: Names): DescribedBody {
  const described = bodies.map((bytes) => describeBody(bytes, { language: currentLanguage(), names }));
  const [first] = described;
  if (!first) throw new RangeError("there is nothing to sign");
  return {
    actHash: first.actHash,
    acts: described.flatMap(({ acts }) => acts),
    // Signer and network are those of all; each has its own fingerprint.
    frame: [...new Set(described.flatMap(({ frame }) => frame))],
  };
}
