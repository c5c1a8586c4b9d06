import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** What lies where in the folder of a CometBFT process. */
export interface CometHome {
  readonly root: string;
  readonly config: string;
  readonly genesis: string;
  readonly nodeKey: string;
  readonly validatorKey: string;
  /** CometBFT's own record of the key's last vote. */
  readonly validatorState: string;
  /** CometBFT's own blocks, from its first start on. */
  readonly blocks: string;
  readonly abciSocket: string;
  readonly rpcSocket: string;
  /** Of the process that was started last. */
  readonly processId: string;
}

/** Shorter than sockaddr_un allows on any system that Node runs on. */
const MAX_SOCKET_PATH_BYTES = 100;

/** Names the parts of the folder. Throws Error when its path is too long for a unix-domain socket. */
export function cometHome(root: string): CometHome {
  const home = {
    root,
    config: join(root, "config", "config.toml"),
    genesis: join(root, "config", "genesis.json"),
    nodeKey: join(root, "config", "node_key.json"),
    validatorKey: join(root, "config", "priv_validator_key.json"),
    validatorState: join(root, "data", "priv_validator_state.json"),
    blocks: join(root, "data", "blockstore.db"),
    abciSocket: join(root, "abci.sock"),
    rpcSocket: join(root, "rpc.sock"),
    processId: join(root, "process.json"),
  };
  if (Buffer.byteLength(home.abciSocket) > MAX_SOCKET_PATH_BYTES) {
    throw new Error(`the address ${home.abciSocket} is too long a path for a socket; choose a data folder with a shorter one`);
  }
  return home;
}

/** Makes the folder, for its owner's eyes only: whoever may open the sockets in it can drive the node. */
export async function makeCometHome({ root }: CometHome): Promise<void> {
  for (const folder of [root, join(root, "config"), join(root, "data")]) await mkdir(folder, { recursive: true, mode: 0o700 });
}
