import { type Header, headerHash } from "@galen/ledger/block/header";
import { createHeader, createSigners, type Signer, signHeader } from "@galen/ledger/block/testing/signed-chain";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { LightBlock } from "../light-block.ts";
import type { LightProvider } from "../provider.ts";

/** Four signers of equal power; set `n + 1` has one new member, set `n + 4` only new ones. */
export function signersOfSet(n: number): Signer[] {
  return createSigners(Object.fromEntries([0, 1, 2, 3].map((offset) => [`validator ${n + offset}`, 10n])));
}

/** A signed block of chain `test`. */
export function createBlock(height: number, signers: readonly Signer[], nextSigners = signers, change: Partial<Header> = {}): LightBlock {
  const signed = signHeader(createHeader(height, signers, nextSigners, change), signers);
  return { ...signed, validators: withoutSecrets(signers), nextValidators: withoutSecrets(nextSigners) };
}

/** Linked blocks from height 1; `setAt` numbers the signer set of each height, `changeAt` alters a header before it is signed. */
export function createBlocks(
  length: number,
  setAt: (height: number) => number,
  changeAt: (height: number) => Partial<Header> = () => ({}),
): LightBlock[] {
  const blocks: LightBlock[] = [];
  for (let height = 1; height <= length; height++) {
    const before = blocks.at(-1)?.header;
    const link = before && {
      lastBlockId: { hash: headerHash(before, portableCrypto.sha256), parts: { total: 1, hash: new Uint8Array(32) } },
    };
    blocks.push(createBlock(height, signersOfSet(setAt(height)), signersOfSet(setAt(height + 1)), { ...link, ...changeAt(height) }));
  }
  return blocks;
}

/** A node that has these blocks, and counts how many headers it was asked for. */
export function createNode(blocks: readonly LightBlock[]): LightProvider & { asked: number } {
  const at = (height: number) => blocks.find(({ header }) => header.height === height);
  return {
    asked: 0,
    async signedHeader(height) {
      this.asked += 1;
      return at(height);
    },
    validators: async (height) => at(height)?.validators ?? at(height - 1)?.nextValidators,
  };
}

function withoutSecrets(signers: readonly Signer[]) {
  return signers.map(({ publicKey, power }) => ({ publicKey, power }));
}
