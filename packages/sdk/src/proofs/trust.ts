import type { Genesis } from "@galen/ledger/app/genesis";
import { orderValidators, validatorsHash } from "@galen/ledger/block/validator";
import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";

/** Whom a user believes: the validators of one chain, by the hash of their set. Comes from the user, never from the node that is checked. */
export interface Trust {
  readonly chainId: string;
  /** `validators_hash` of headers, hex of 32 bytes. */
  readonly validatorsHash: string;
}

/** Trust in the founding validators of a genesis document that the user got from a source of the user's choosing. */
export function trustOfGenesis(genesis: Pick<Genesis, "chainId" | "validators">, { sha256 }: Pick<CryptoProvider, "sha256">): Trust {
  const validators = genesis.validators.map(({ publicKey, power }) => ({
    publicKey: requireHexBytes(publicKey, 32),
    power: BigInt(power),
  }));
  return { chainId: genesis.chainId, validatorsHash: bytesToHex(validatorsHash(orderValidators(validators, sha256), sha256)) };
}
