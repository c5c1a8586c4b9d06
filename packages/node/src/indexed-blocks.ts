import type { Engine } from "@galen/engines/engine";
import type { BlockSource } from "@galen/indexer";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { HistoryHealer } from "./history/heal-history.ts";

/** The engine's durable blocks as the read model takes them in; those of the past that `history` has yet to fetch come when they are there. */
export function indexedBlocks(engine: Engine, history: Pick<HistoryHealer, "onRepair">): BlockSource {
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
    subscribe(listener) {
      const stops = [engine.subscribe(() => listener()), history.onRepair(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
