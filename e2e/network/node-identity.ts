import { cometNodeId } from "@galen/engines/cometbft/process/documents";
import { nativeCrypto } from "@galen/node/crypto/native";
import { openDataFolder } from "@galen/node/data-folder";
import { ed25519Key } from "@galen/node/keys/ed25519-key";
import { openSecretFile } from "@galen/node/keys/secret-file";

/** Who a node is, before it has ever started: its keys are made when they are not there. */
export async function openIdentity(dataFolder: string): Promise<{ readonly validatorKey: Uint8Array; readonly nodeId: string }> {
  const folder = await openDataFolder(dataFolder);
  const [validator, node] = [await openSecretFile(folder.validatorKey), await openSecretFile(folder.nodeKey)].map(ed25519Key);
  return { validatorKey: validator!.publicKey, nodeId: cometNodeId(node!.publicKey, nativeCrypto.sha256) };
}
