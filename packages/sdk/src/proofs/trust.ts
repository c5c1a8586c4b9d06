import { type Genesis, initialHeight } from "@galen/ledger/app/genesis";
import type { Header } from "@galen/ledger/block/header";
import { orderValidators, validatorsHash } from "@galen/ledger/block/validator";
import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";

/** Whom a user believes: the validators of one chain, by the hash of their set. Comes from the user, never from the node that is checked. */
export interface Trust {
  readonly chainId: string;
  /** `validators_hash` of headers, hex of 32 bytes. */
  readonly validatorsHash: string;
  /** A height on which this set decided, from which its changes are followed; default 1. */
  readonly height?: number;
  /**
   * When this set was known to be the one that signs, milliseconds since 1970: block time of the header at `height`, or when the user named the set. The time for
   * which it vouches for those after it counts from then; left out, from that header.
   */
  readonly seenAt?: number;
  /** Sets that were followed until this one, newest last. They vouch for the past only: their keys may not be guarded any more. */
  readonly earlier?: readonly EarlierSet[];
}

/** A set of validators that decided on some heights of this chain, or of one that it goes on from. */
export interface EarlierSet {
  readonly chainId: string;
  readonly validatorsHash: string;
  /** The highest height for which it may vouch. */
  readonly untilHeight: number;
}

/** A wallet that lives through more changes than this asks a node for the rest. */
const MAX_EARLIER = 64;

/** The same trust with a set behind it. */
export function withEarlierSet(trust: Trust, before: Trust, untilHeight: number): Trust {
  const { chainId, validatorsHash, earlier = [] } = before;
  return { ...trust, earlier: [...earlier, { chainId, validatorsHash, untilHeight }].slice(-MAX_EARLIER) };
}

/** Whether the trusted set made a header final; of the past also one of those before it. */
export function isTrusted(trust: Trust, header: Pick<Header, "chainId" | "height" | "validatorsHash">, isPast: boolean): boolean {
  const hash = bytesToHex(header.validatorsHash);
  if (header.chainId === trust.chainId && hash === trust.validatorsHash) return true;
  const isOf = ({ chainId, validatorsHash, untilHeight }: EarlierSet) =>
    chainId === header.chainId && validatorsHash === hash && header.height <= untilHeight;
  return isPast && (trust.earlier ?? []).some(isOf);
}

/** Trust in the founding validators of a genesis document that the user got from a source of the user's choosing. */
export function trustOfGenesis(
  genesis: Pick<Genesis, "chainId" | "validators" | "predecessor">,
  { sha256 }: Pick<CryptoProvider, "sha256">,
): Trust {
  const validators = genesis.validators.map(({ publicKey, power }) => ({
    publicKey: requireHexBytes(publicKey, 32),
    power: BigInt(power),
  }));
  const trust = { chainId: genesis.chainId, validatorsHash: bytesToHex(validatorsHash(orderValidators(validators, sha256), sha256)) };
  return genesis.predecessor ? { ...trust, height: initialHeight(genesis) } : trust;
}
