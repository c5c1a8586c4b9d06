import type { Engine } from "@galen/engines/engine";
import type { BlockSource } from "@galen/indexer";
import type { Ledger } from "@galen/ledger/app/ledger";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { requireAccount } from "@galen/ledger/modules/accounts/index";
import type { HistoryHealer } from "./history/heal-history.ts";

export interface IndexedParts {
  readonly engine: Engine;
  readonly ledger: Pick<Ledger, "read">;
  readonly history: Pick<HistoryHealer, "onRepair">;
}

/** The engine's durable blocks as the read model takes them in; those of the past that `history` has yet to fetch come when they are there. */
export function indexedBlocks({ engine, ledger, history }: IndexedParts): BlockSource {
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
    // The ledger's state is never behind the engine's blocks.
    keysOf: (account) => requireAccount(ledger.read(), account).keys.map(({ publicKey }) => publicKey),
    subscribe(listener) {
      const stops = [engine.subscribe(() => listener()), history.onRepair(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
