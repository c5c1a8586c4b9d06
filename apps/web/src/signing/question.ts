import type { DescribedBody } from "@galen/sdk/acts/describe-body";

/** What the sheet asks. `lost`: it was signed and sent, and no answer came. */
export interface Question {
  readonly kind: "sign" | "sending" | "lost";
  readonly body: DescribedBody;
}

/** Resolves to what the signer pressed; at once for `sending`, which the sheet only shows. */
export type Ask = (question: Question) => Promise<boolean>;
