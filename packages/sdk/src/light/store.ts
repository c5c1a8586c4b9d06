import type { LightBlock } from "./light-block.ts";

/** Where a light client keeps what it verified. What it gives back is trusted, so it must be the client's own. */
export interface LightStore {
  /** Heights of the blocks kept, ascending. */
  heights(): Promise<readonly number[]>;
  load(height: number): Promise<LightBlock | undefined>;
  save(block: LightBlock): Promise<void>;
}

const MAX_BLOCKS = 1000;

/** A store in memory. Keeps `maxBlocks` blocks and forgets the lowest first: older headers can be reached backwards from any later one. */
export function createMemoryStore(maxBlocks = MAX_BLOCKS): LightStore {
  const blocks = new Map<number, LightBlock>();
  const heights = () => [...blocks.keys()].toSorted((a, b) => a - b);
  return {
    heights: async () => heights(),
    load: async (height) => blocks.get(height),
    async save(block) {
      blocks.set(block.header.height, block);
      if (blocks.size > maxBlocks) blocks.delete(heights()[0]!);
    },
  };
}
