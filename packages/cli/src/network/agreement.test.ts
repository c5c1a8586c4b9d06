import { zeroBlockId } from "@galen/ledger/block/block-id";
import { BLOCK_PROTOCOL, type Header } from "@galen/ledger/block/header";
import { zeroTime } from "@galen/ledger/block/timestamp";
import { expect, it } from "vitest";
import { agreementOf, agreementText } from "./agreement.ts";

const BYTES = new Uint8Array(32);

function header(appHash: number, proposer = 0): Header {
  return {
    ...{ version: { block: BLOCK_PROTOCOL, app: 1 }, chainId: "a", height: 5, time: zeroTime, lastBlockId: zeroBlockId },
    ...{ lastCommitHash: BYTES, dataHash: BYTES, validatorsHash: BYTES, nextValidatorsHash: BYTES, consensusHash: BYTES },
    ...{ appHash: BYTES.with(0, appHash), lastResultsHash: BYTES, evidenceHash: BYTES },
    proposerAddress: new Uint8Array(20).with(0, proposer),
  };
}

it.each<[string, (Header | undefined)[], string | undefined, boolean]>([
  ["all give the same", [header(1), header(1)], "the same everywhere at height 5", true],
  ["one began after it", [header(1), undefined, header(1)], "the same where its block is held at height 5", false],
  ["one has another state", [header(1), header(2), undefined], "NOT THE SAME where its block is held at height 5", false],
  ["all hold it, one otherwise", [header(1), header(2)], "NOT THE SAME everywhere at height 5", false],
  ["the blocks differ and not the state", [header(1), header(1, 1)], "the same everywhere at height 5", false],
  ["nobody holds it", [undefined, undefined], undefined, false],
])("says how nodes agree when %s", (_, headers, text, hasHash) => {
  const agreement = agreementOf(5, headers);
  expect(agreement && agreementText(agreement)).toBe(text);
  expect(agreement?.headerHash).toEqual(hasHash ? expect.stringMatching(/^[0-9A-F]{64}$/) : undefined);
});
