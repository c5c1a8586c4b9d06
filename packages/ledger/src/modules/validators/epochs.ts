import type { ReadContext } from "../../app/context.ts";
import { currentSettings, epochBase } from "./state.ts";

/** Where a height lies in the epochs. */
export interface EpochPlace {
  readonly number: number;
  /** Blocks since the epoch began; 0 in its first block, in which power changes. */
  readonly offset: number;
  /** Height of the first block of the next epoch. */
  readonly nextAt: number;
}

/** Epochs follow from the height: nothing is written when one begins. */
export function epochAt(ctx: Pick<ReadContext, "state">, height: number): EpochPlace {
  const { number, startHeight } = epochBase.get(ctx, "current")!;
  const { epochBlocks } = currentSettings(ctx);
  const passed = Math.floor((height - startHeight) / epochBlocks);
  return { number: number + passed, offset: (height - startHeight) % epochBlocks, nextAt: startHeight + (passed + 1) * epochBlocks };
}
