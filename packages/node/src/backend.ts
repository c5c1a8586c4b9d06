import type { Custodian } from "@galen/custody/custodian/custodian";
import type { ChainStore } from "@galen/engines/chain/chain-store";
import type { Engine } from "@galen/engines/engine";
import type { Indexer } from "@galen/indexer";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { BlobStore } from "./blobs/blob-store.ts";
import type { BlobHealer } from "./blobs/heal-blobs.ts";
import type { BlobRelay } from "./blobs/relay-blobs.ts";
import type { ServedLogFile } from "./custodian/served-log-file.ts";
import type { HistoryHealer } from "./history/heal-history.ts";
import type { BodyBudget } from "./http/body-budget.ts";
import type { StreamCount } from "./http/stream-count.ts";
import type { Identity } from "./identity.ts";
import type { Metrics } from "./metrics.ts";
import type { Peers } from "./peers/peers.ts";

/** The parts of a running node that its HTTP API speaks for. */
export interface Backend extends Identity {
  /** Whether the folder held nothing of the chain's state before this start. */
  readonly isFirstStart: boolean;
  readonly engine: Engine;
  readonly genesis: Genesis;
  /** The engine's blocks as they are kept. */
  readonly store: ChainStore;
  readonly history: HistoryHealer;
  /** The proof that the network before named this one, as the API gives it; undefined where there was none before. */
  readonly handover: unknown;
  readonly blobs: BlobStore;
  readonly relay: BlobRelay;
  readonly healer: BlobHealer;
  readonly peers: Peers;
  /** Where clients reach this node, if elsewhere than other nodes do. */
  readonly publicUrl: string | undefined;
  /** Whose pages may read the API in a browser, besides those of the other nodes. */
  readonly webOrigins: readonly string[];
  readonly index: Indexer;
  readonly metrics: Metrics;
  /** Undefined on a node without one. */
  readonly custodian: Custodian | undefined;
  /** What the custodian has served; undefined without one. */
  readonly served: Pick<ServedLogFile, "page"> | undefined;
  /** Event streams that are open. */
  readonly streams: StreamCount;
  /** The memory of large answers that are on their way. */
  readonly answers: BodyBudget;
}
