import { addMilliseconds, compareTimestamps, type Timestamp } from "@galen/ledger/block/timestamp";

/** The voter's clock, but at least 1 ms after the block's time: so block time increases strictly (cometbft consensus/state.go voteTime). */
export function voteTime(blockTime: Timestamp, now: Timestamp): Timestamp {
  const earliest = addMilliseconds(blockTime, 1);
  return compareTimestamps(now, earliest) < 0 ? earliest : now;
}
