import { openDataFolder } from "@galen/node/data-folder";
import { ed25519Key } from "@galen/node/keys/ed25519-key";
import { openSecretFile } from "@galen/node/keys/secret-file";
import { enterNetwork } from "./adopt.ts";
import type { Founding } from "./founding.ts";
import { requireEmptyFolder } from "./init-node.ts";
import { idOfNodeKey } from "./node-card.ts";
import { changeConfig, type NodeAddresses, writeNodeConfig } from "./node-config.ts";

/** A header that the operator trusts, told by somebody trusted or compared at several organisations. */
export interface TrustedHeader {
  readonly height: number;
  /** Hexadecimal. */
  readonly hash: string;
}

export interface JoiningNode {
  /** Data folder; empty, or not there yet. */
  readonly folder: string;
  readonly founding: Founding;
  readonly cometbftBinary: string;
  readonly addresses: NodeAddresses;
  /** Begins from a snapshot of the others; left out, the node executes every block from the first. */
  readonly trusted?: TrustedHeader;
}

/**
 * Makes the folder of a node that joins a running network: fresh keys, settings, the network's documents. It follows and serves; it votes once an
 * organisation of the alliance registers its key. Gives what the others may enter in `p2pPeers` to dial it. Throws Refusal cli/FolderTaken.
 */
export async function prepareJoiningNode({ folder, founding, cometbftBinary, addresses, trusted }: JoiningNode): Promise<string> {
  await requireEmptyFolder(folder);
  const { validatorKey, nodeKey, custodianKey } = await openDataFolder(folder);
  for (const path of [validatorKey, custodianKey]) await openSecretFile(path);
  const nodeId = idOfNodeKey(ed25519Key(await openSecretFile(nodeKey)).publicKey);
  await writeNodeConfig(folder, { cometbftBinary, ...addresses });
  await changeConfig(folder, { p2pExternalAddress: addresses.p2p });
  // A machine that takes the place of a founder's has its addresses, and must not dial itself.
  const others = founding.cards.filter(({ content }) => content.http !== addresses.http && content.p2p !== addresses.p2p);
  await enterNetwork(folder, founding, others);
  if (trusted) {
    const stateSyncServers = others.map(({ content }) => content.http).join(",");
    await changeConfig(folder, { stateSyncServers, stateSyncTrustHeight: trusted.height, stateSyncTrustHash: trusted.hash });
  }
  return `${nodeId}@${addresses.p2p}`;
}
