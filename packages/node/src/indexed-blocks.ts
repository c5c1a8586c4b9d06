import type { Engine } from "@galen/engines/engine";
import type { BlockSource } from "@galen/indexer";
import { toMilliseconds } from "@galen/ledger/block/timestamp";

/** The engine's durable blocks as the read model takes them in. */
export function indexedBlocks(engine: Engine): BlockSource {
  return {
    get height() {
      return engine.status().height;
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
