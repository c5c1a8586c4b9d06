import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { keyProofBytes } from "@galen/ledger/modules/validators/index";
import { ed25519Key } from "@galen/node/keys/ed25519-key";
import { openSecretFile } from "@galen/node/keys/secret-file";
import { type Client, type OwnAccount, status, submit } from "@galen/sdk";

/** Registers the node of a data folder for a member of the alliance: its key shows that it is there. */
export async function registerNode(client: Client, organisation: OwnAccount, dataFolder: string): Promise<void> {
  const { chainId } = await status(client);
  const key = ed25519Key(await openSecretFile(join(dataFolder, "keys", "validator.json")));
  const proof = bytesToHex(key.sign(keyProofBytes(chainId, organisation.account)));
  const value = { organisation: organisation.account, publicKey: bytesToHex(key.publicKey), proof };
  await submit(client, { actors: [organisation], messages: [{ type: "validators.register", value }] });
}
