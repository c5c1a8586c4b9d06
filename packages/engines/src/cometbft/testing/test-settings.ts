import type { CometSettings } from "../settings.ts";

/** Settings of a CometBFT process in a network of one. */
export const testSettings: CometSettings = {
  p2pHost: "127.0.0.1",
  p2pPort: 0,
  peers: "",
  externalAddress: "",
  rpcPort: 0,
  blockIntervalMs: 0,
  emptyBlockIntervalMs: 1_000,
  maxPoolTxs: 100,
  maxPoolBytes: 1_000_000,
  stateSync: undefined,
};
