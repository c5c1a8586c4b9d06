/**
 * The legal sequences of calls since a start (cometbft spec/abci/abci++_comet_expected_behavior.md, v0.38.25), as a pattern over one letter per call. The
 * last height may be cut off by the end.
 */
const letters: Readonly<Record<string, string>> = {
  info: "i",
  initChain: "I",
  offerSnapshot: "o",
  applySnapshotChunk: "a",
  prepareProposal: "p",
  processProposal: "r",
  extendVote: "e",
  verifyVoteExtension: "v",
  finalizeBlock: "F",
  commit: "C",
};

const vote = "v*";
const extend = `${vote}e${vote}`;
const proposer = `${vote}(?:pr?)(?:${extend})?`;
const nonProposer = `${vote}r?(?:${extend})?`;
const round = `(?:${proposer}|${nonProposer})`;
const height = `${round}*FC`;
const execution = `(?:${height})*${round}*F?`;
const cleanStart = `(?:iI|(?:oa*)*oa+i)${execution}`;
const recovery = `iI?${execution}`;
const legal = new RegExp(`^(?:${cleanStart}|${recovery})$`);

/** One letter per call that the grammar knows; the others may come at any time. */
export function spell(calls: readonly string[]): string {
  return calls.map((name) => letters[name] ?? "").join("");
}

/** Whether the calls since a start are legal, in letters that `spell` gives. */
export function isLegal(spelled: string): boolean {
  return legal.test(spelled);
}
