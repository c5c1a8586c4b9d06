import { ed25519 } from "@noble/curves/ed25519.js";
import { portableCrypto } from "../../crypto/portable.ts";
import { type BlockId, zeroBlockId } from "../block-id.ts";
import { absentCommitSig, BlockIdFlag, type Commit, type CommitSig } from "../commit.ts";
import { type Header, headerHash } from "../header.ts";
import { addMilliseconds, type Timestamp } from "../timestamp.ts";
import { orderValidators, type Validator, validatorAddress, validatorsHash } from "../validator.ts";
import { precommitSignBytes } from "../vote.ts";

const { sha256 } = portableCrypto;

/** A validator with its secret key. */
export interface Signer extends Validator {
  readonly secretKey: Uint8Array;
}

export interface Signed {
  readonly header: Header;
  readonly commit: Commit;
}

/** Signers with the given powers, in the order of their validator set. The same names give the same keys. */
export function createSigners(powers: Readonly<Record<string, bigint>>): Signer[] {
  const signers = Object.entries(powers).map(([name, power]) => {
    const secretKey = sha256(new Uint8Array(Buffer.from(name)));
    return { secretKey, publicKey: ed25519.getPublicKey(secretKey), power };
  });
  const order = orderValidators(signers, sha256);
  return signers.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** A header of chain `test` that stands on its own, one second of block time per height. */
export function createHeader(height: number, signers: readonly Signer[], nextSigners = signers, change: Partial<Header> = {}): Header {
  const hash = sha256(Uint8Array.of(height));
  return {
    version: { block: 11, app: 1 },
    chainId: "test",
    height,
    time: blockTime(height),
    lastBlockId: height === 1 ? zeroBlockId : { hash, parts: { total: 1, hash } },
    lastCommitHash: hash,
    dataHash: hash,
    validatorsHash: validatorsHash(signers, sha256),
    nextValidatorsHash: validatorsHash(nextSigners, sha256),
    consensusHash: hash,
    appHash: hash,
    lastResultsHash: hash,
    evidenceHash: hash,
    proposerAddress: validatorAddress(signers[0]!.publicKey, sha256),
    ...change,
  };
}

/** Time of the block at `height` on chain `test`. */
export function blockTime(height: number): Timestamp {
  return addMilliseconds({ seconds: 1_700_000_000, nanos: 123_456_789 }, height * 1000);
}

/** The header with its commit; `flags` says what each signer voted (all for the block unless given). */
export function signHeader(header: Header, signers: readonly Signer[], flags: readonly number[] = []): Signed {
  const blockId: BlockId = { hash: headerHash(header, sha256), parts: { total: 1, hash: sha256(new Uint8Array()) } };
  const round = 0;
  const sign = (signer: Signer, index: number): CommitSig => {
    const blockIdFlag = flags[index] ?? BlockIdFlag.commit;
    if (blockIdFlag === BlockIdFlag.absent) return absentCommitSig;
    const timestamp = addMilliseconds(header.time, 10 + index);
    const voted = blockIdFlag === BlockIdFlag.commit ? blockId : zeroBlockId;
    const signed = precommitSignBytes({ chainId: header.chainId, height: header.height, round, blockId: voted, timestamp });
    return {
      blockIdFlag,
      validatorAddress: validatorAddress(signer.publicKey, sha256),
      timestamp,
      signature: ed25519.sign(signed, signer.secretKey),
    };
  };
  return { header, commit: { height: header.height, round, blockId, signatures: signers.map(sign) } };
}
