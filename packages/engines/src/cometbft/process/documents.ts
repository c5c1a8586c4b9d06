import { type Genesis, genesisHash, initialHeight } from "@galen/ledger/app/genesis";
import { encodeBase64 } from "@galen/ledger/block/base64";
import { formatTimestamp, fromMilliseconds } from "@galen/ledger/block/timestamp";
import { validatorAddress } from "@galen/ledger/block/validator";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { consensusParamsJson } from "../../chain/consensus-params.ts";

/** An Ed25519 key as CometBFT keeps it: the secret is the seed of 32 bytes. */
export interface CometKey {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

const PUBLIC_KEY = "tendermint/PubKeyEd25519";
const PRIVATE_KEY = "tendermint/PrivKeyEd25519";

/** CometBFT's genesis document, made from ours and bound to it: every node of the network writes the same bytes. */
export function genesisJson(genesis: Genesis, crypto: CryptoProvider): string {
  const { chainId, genesisTime, version, validators, parameters } = genesis;
  return json({
    genesis_time: formatTimestamp(fromMilliseconds(genesisTime)),
    chain_id: chainId,
    initial_height: String(initialHeight(genesis)),
    consensus_params: consensusParamsJson({ maxBlockBytes: parameters.maxBlockBytes, appVersion: version }),
    validators: validators.map(({ publicKey, power }) => {
      const key = hexToBytes(publicKey)!;
      return { address: addressText(key, crypto.sha256), pub_key: typed(PUBLIC_KEY, key), power: String(power), name: "" };
    }),
    app_hash: "",
    app_state: { genesisHash: genesisHash(genesis, crypto) },
  });
}

/** priv_validator_key.json. */
export function validatorKeyJson({ secret, publicKey }: CometKey, sha256: Sha256): string {
  return json({
    address: addressText(publicKey, sha256),
    pub_key: typed(PUBLIC_KEY, publicKey),
    priv_key: typed(PRIVATE_KEY, concatBytes([secret, publicKey])),
  });
}

/** priv_validator_state.json of a key that never voted. */
export function freshValidatorStateJson(): string {
  return json({ height: "0", round: 0, step: 0 });
}

/** node_key.json: who a node is to its peers. */
export function nodeKeyJson({ secret, publicKey }: CometKey): string {
  return json({ priv_key: typed(PRIVATE_KEY, concatBytes([secret, publicKey])) });
}

/** The id in `id@host:port`. */
export function cometNodeId(publicKey: Uint8Array, sha256: Sha256): string {
  return bytesToHex(validatorAddress(publicKey, sha256));
}

function addressText(publicKey: Uint8Array, sha256: Sha256): string {
  return bytesToHex(validatorAddress(publicKey, sha256)).toUpperCase();
}

function typed(type: string, bytes: Uint8Array) {
  return { type, value: encodeBase64(bytes) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
