import { describe, expect, it } from "vitest";
import { zeroBlockId } from "./block-id.ts";
import { zeroTime } from "./timestamp.ts";
import { type Precommit, precommitSignBytes } from "./vote.ts";

const vote: Precommit = { chainId: "", height: 1, round: 1, blockId: zeroBlockId, timestamp: zeroTime };
const block = { hash: new Uint8Array(32).fill(0xaa), parts: { total: 1, hash: new Uint8Array(32).fill(0xbb) } };
const time = "2a0b088092b8c398feffffff01";

describe("bytes a validator signs", () => {
  it.each([
    // cometbft types/vote_test.go TestVoteSignBytesTestVectors, case 1: fixed-size height and round, no block, zero time.
    ["a vote for none", {}, `21 0802 110100000000000000 190100000000000000 ${time}`],
    ["in round zero", { round: 0 }, `18 0802 110100000000000000 ${time}`],
    ["with a chain", { chainId: "test_chain_id" }, `30 0802 110100000000000000 190100000000000000 ${time} 320d746573745f636861696e5f6964`],
    [
      "for a block",
      { blockId: block },
      `6b 0802 110100000000000000 190100000000000000 22480a20${"aa".repeat(32)}122408011220${"bb".repeat(32)} ${time}`,
    ],
  ] as const)("%s", (_, change, expected) => {
    const bytes = precommitSignBytes({ ...vote, ...change });
    expect(Buffer.from(bytes).toString("hex")).toBe(expected.replaceAll(" ", ""));
  });
});
