import type { Engine } from "@galen/engines/engine";
import type { BlockSource } from "@galen/indexer";
import { toMilliseconds } from "@galen/ledger/block/timestamp";

/** The engine's durable blocks as the read model takes them in. */
export function indexedBlocks(engine: Engine): BlockSource {
  return {
    get height() {
      const { height, earliestHeight } = engine.status();
      return earliestHeight > 1 ? 0 : height; // behind a snapshot, the read model waits for the blocks before it
    },
    block(height) {
      const [header, results] = [engine.header(height), engine.results(height)];
      if (!header || !results) return undefined;
      const events = [...results.events, ...results.txResults.flatMap((result) => result.events)];
      return { height, time: toMilliseconds(header.time), events };
    },
    subscribe: (listener) => engine.subscribe(() => listener()),
  };
}
