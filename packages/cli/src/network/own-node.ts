import { bytesToHex } from "@galen/ledger/crypto/hex";
import { keyProofBytes, readyProofBytes } from "@galen/ledger/modules/validators/index";
import { partsOf } from "@galen/node/data-folder";
import { ed25519Key } from "@galen/node/keys/ed25519-key";
import { openSecretFile, readIfThere } from "@galen/node/keys/secret-file";
import { chainIdOf, status } from "@galen/sdk/client/status";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { errors } from "../errors.ts";
import type { Session } from "../session.ts";

/** An organisation and the folder of the node that it runs. */
export interface OwnNode {
  readonly organisation: OwnAccount;
  readonly folder: string;
}

/** Enters the node's key for the organisation. Gives the key, hex. */
export function registerNode(session: Session, node: OwnNode): Promise<string> {
  return proveKey(session, node, "validators.register");
}

/** Puts the key of this node in the place of the one that the organisation has used until now. Gives the key, hex. */
export function replaceNodeKey(session: Session, node: OwnNode): Promise<string> {
  return proveKey(session, node, "validators.replaceKey");
}

async function proveKey({ client }: Session, { organisation, folder }: OwnNode, type: string): Promise<string> {
  const key = await validatorKeyOf(folder);
  const publicKey = bytesToHex(key.publicKey);
  const proof = bytesToHex(key.sign(keyProofBytes(await chainIdOf(client), organisation.account)));
  await submit(client, { actors: [organisation], messages: [{ type, value: { organisation: organisation.account, publicKey, proof } }] });
  return publicKey;
}

/** Says that the organisation's node is there and has come so far: it may have power from the next epoch on. Gives the height. */
export async function announceNode({ client }: Session, { organisation, folder }: OwnNode): Promise<number> {
  const key = await validatorKeyOf(folder);
  const { height } = await status(client);
  const proof = bytesToHex(key.sign(readyProofBytes(await chainIdOf(client), organisation.account, height)));
  const value = { organisation: organisation.account, height, proof };
  await submit(client, { actors: [organisation], messages: [{ type: "validators.announceReady", value }] });
  return height;
}

async function validatorKeyOf(folder: string) {
  const { validatorKey } = partsOf(folder);
  if ((await readIfThere(validatorKey)) === undefined) throw errors.NoNode({ folder });
  return ed25519Key(await openSecretFile(validatorKey));
}
