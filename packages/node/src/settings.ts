import { Integer, List, OneOf, Text } from "@galen/ledger/schema/types";
import { type Field, required, type Schema } from "./http/fields.ts";

/** A setting: its schema with a description, and what it is when nobody sets it. */
export interface Setting<T> extends Field<T> {
  readonly default: T;
}

function setting<T>(field: Field<T>, byDefault: NoInfer<T>): Setting<T> {
  return { ...field, default: byDefault };
}

function described<S extends Schema>(schema: S, description: string) {
  return required({ ...schema, description });
}

/** Every setting of a node, by its name in the file. In the environment `httpPort` is GALEN_HTTP_PORT. */
export const settings = {
  dataFolder: setting(
    required(Text(1_024, { description: "folder of everything that the node keeps; belongs to one running node" })),
    "data",
  ),
  httpHost: setting(
    required(Text(255, { description: "address to listen on; put TLS in front before it is not this machine's own" })),
    "127.0.0.1",
  ),
  httpPort: setting(required(Integer(0, 65_535, { description: "port of the HTTP API; 0 takes any that is free" })), 8_080),
  webFolder: setting(required(Text(1_024, { description: 'folder of the built web app to serve; "none" serves the API alone' })), "none"),
  peers: setting<readonly string[]>(
    required(
      List(Text(255), { maxItems: 128, description: "addresses of the other nodes' HTTP APIs, such as `https://galen.clinic.example`" }),
    ),
    [],
  ),
  publicUrl: setting(
    required(
      Text(255, {
        description:
          'address under which clients reach this node, for readers who ask other nodes for it, and by whose name a node on a loopback address answers a proxy in front of it; "none" without one',
      }),
    ),
    "none",
  ),
  webOrigins: setting<readonly string[]>(
    required(
      List(Text(255), {
        maxItems: 64,
        description:
          "origins whose pages may read the API in a browser, besides those of the other nodes, such as `https://wallet.example`",
      }),
    ),
    [],
  ),
  requestsPerSecond: setting(
    required(Integer(1, 1_000_000, { description: "requests per second that one client address (of IPv6, one /64) may keep up" })),
    2_000,
  ),
  requestBurst: setting(
    required(Integer(1, 1_000_000, { description: "requests that one client address (of IPv6, one /64) may send at once" })),
    4_000,
  ),
  trustedProxy: setting(
    required(
      Text(1_024, {
        description: 'address or network of the proxy in front, whose X-Forwarded-For counts for the rate; "none" without one',
      }),
    ),
    "none",
  ),
  engine: setting(
    described(OneOf("embedded", "cometbft"), "who orders: this process alone, or a network of nodes, each with a CometBFT process"),
    "embedded",
  ),
  cometbftBinary: setting(required(Text(1_024, { description: "path of the cometbft program, 0.39.4 or 0.40" })), "cometbft"),
  p2pHost: setting(required(Text(255, { description: "address on which CometBFT listens for other nodes" })), "0.0.0.0"),
  p2pPort: setting(
    required(
      Integer(0, 65_535, { description: "port on which CometBFT listens for other nodes; 0 takes any that is free, for one alone" }),
    ),
    26_656,
  ),
  p2pPeers: setting(
    required(Text(8_192, { description: 'nodes to stay connected with, as id@host:port separated by commas; "none" without any' })),
    "none",
  ),
  p2pExternalAddress: setting(
    required(Text(255, { description: 'host:port under which other nodes reach this one; "none" lets them see for themselves' })),
    "none",
  ),
  cometbftRpcPort: setting(
    required(Integer(0, 65_535, { description: "port of CometBFT's own RPC on this machine, for tools; 0 for none" })),
    0,
  ),
  cometbftEmptyBlockIntervalMs: setting(
    required(
      Integer(100, 3_600_000, { description: "with CometBFT, an empty block after so long without one: block time is as old as that" }),
    ),
    5_000,
  ),
  snapshotIntervalBlocks: setting(
    required(
      Integer(0, 10_000_000, { description: "with CometBFT, a snapshot for nodes that begin at every so manieth height; 0 for none" }),
    ),
    1_000,
  ),
  cometbftRetainBlocks: setting(
    required(
      Integer(0, 1_000_000_000, { description: "newest blocks that CometBFT keeps for its peers; the node itself keeps all; 0 for all" }),
    ),
    0,
  ),
  stateSyncServers: setting(
    required(
      Text(4_096, {
        description:
          'URLs of nodes, separated by commas, to begin from their snapshot instead of the first block; "none" to execute all blocks',
      }),
    ),
    "none",
  ),
  stateSyncTrustHeight: setting(required(Integer(0, 9_007_199_254_740_991, { description: "height of a header that you trust" })), 0),
  stateSyncTrustHash: setting(required(Text(64, { description: 'hash of that header in hexadecimal; "none" without one' })), "none"),
  blockIntervalMs: setting(required(Integer(0, 60_000, { description: "least time between two blocks with transactions" })), 0),
  emptyBlockIntervalMs: setting(
    required(
      Integer(0, 86_400_000, {
        description: "with the embedded engine, an empty block after so long without one, so that what falls due executes; 0 for none",
      }),
    ),
    60_000,
  ),
  maxPoolTxs: setting(required(Integer(1, 10_000_000, { description: "transactions that may wait for a block" })), 10_000),
  maxPoolBytes: setting(required(Integer(65_536, 4_294_967_296, { description: "bytes of the transactions that may wait" })), 33_554_432),
  keepVersions: setting(required(Integer(2, 1_000_000, { description: "heights whose state can be proved" })), 1_000),
  cacheBytes: setting(required(Integer(1_048_576, 17_179_869_184, { description: "memory for values and tree" })), 134_217_728),
  signatureWorkers: setting(
    required(Integer(0, 64, { description: "threads that verify signatures beside the one that executes; 0 for none" })),
    1,
  ),
  unreferencedBlobHours: setting(
    required(Integer(1, 8_760, { description: "how long a stored blob waits for the transaction that names it" })),
    24,
  ),
  custodian: setting(described(OneOf("on", "off"), "whether this node holds a share of the collective key"), "on"),
  custodianStateKey: setting(
    required(
      Text(64, {
        pattern: "^(none|[0-9a-f]{64})$",
        description: '32 bytes in hexadecimal that encrypt the custodian\'s share on the disk; "none" leaves that to the file system',
      }),
    ),
    "none",
  ),
  logLevel: setting(described(OneOf("silent", "error", "warn", "info", "debug"), "least severity that is logged"), "warn"),
  stopTimeoutMs: setting(required(Integer(0, 600_000, { description: "how long requests may finish when the node stops" })), 10_000),
} as const;

/** Whose values are printed nowhere: neither on request nor in what refuses them. */
export const secretSettings: ReadonlySet<string> = new Set<keyof typeof settings>(["custodianStateKey"]);

/** A node's configuration, complete and checked. */
export type Config = { readonly [Name in keyof typeof settings]: (typeof settings)[Name] extends Setting<infer T> ? T : never };
