import type { Custodian } from "@galen/custody/custodian/custodian";
import type { Engine } from "@galen/engines/engine";
import type { Indexer } from "@galen/indexer";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { BlobStore } from "./blobs/blob-store.ts";
import type { StreamCount } from "./http/stream-count.ts";
import type { Ed25519Key } from "./keys/ed25519-key.ts";
import type { Metrics } from "./metrics.ts";

/** The parts of a running node that its HTTP API speaks for. */
export interface Backend {
  readonly ledger: Ledger;
  readonly engine: Engine;
  readonly genesis: Genesis;
  readonly blobs: BlobStore;
  readonly index: Indexer;
  readonly crypto: CryptoProvider;
  readonly metrics: Metrics;
  /** Signs blocks and storage receipts. */
  readonly validator: Ed25519Key;
  /** Undefined on a node without one. */
  readonly custodian: Custodian | undefined;
  /** Event streams that are open. */
  readonly streams: StreamCount;
  /** The node's clock, milliseconds since 1970. */
  readonly now: () => number;
}
