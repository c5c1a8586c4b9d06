/** What an operator may tune of the CometBFT process. */
export interface CometSettings {
  /** Address and port for other nodes; port 0 takes any that is free, for a network of one. */
  readonly p2pHost: string;
  readonly p2pPort: number;
  /** `id@host:port` of nodes to stay connected with, separated by commas; empty for none. */
  readonly peers: string;
  /** `host:port` under which others reach this node; empty to let them see for themselves. */
  readonly externalAddress: string;
  /** Port of CometBFT's own RPC on this machine, for tools; 0 for none. The node itself uses a socket. */
  readonly rpcPort: number;
  /** How long to wait for late votes before the next block begins. 0: not longer than it takes to hear all. */
  readonly blockIntervalMs: number;
  /** An empty block after so long without any, so that block time stays fresh. */
  readonly emptyBlockIntervalMs: number;
  readonly maxPoolTxs: number;
  readonly maxPoolBytes: number;
  /** Where to begin when the node has no state: from a snapshot of other nodes. */
  readonly stateSync: StateSyncSettings | undefined;
}

/** How long a header may vouch for later ones while a node begins. */
export const TRUST_PERIOD_HOURS = 168;

/** A header that the operator trusts, and nodes that answer CometBFT's RPC. */
export interface StateSyncSettings {
  /** URLs, separated by commas. */
  readonly servers: string;
  readonly trustHeight: number;
  /** Hash of the header at that height, hexadecimal. */
  readonly trustHash: string;
}

/** Where those nodes answer CometBFT's RPC. */
export function rpcUrls({ servers }: Pick<StateSyncSettings, "servers">): string[] {
  return servers.split(",").map((url) => `${url.trim().replace(/\/$/, "")}/rpc`);
}
