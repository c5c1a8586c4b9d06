import { genesisHash } from "@galen/ledger/app/genesis";
import { nativeCrypto } from "@galen/node/crypto/native";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { custodyThreshold } from "./custody-threshold.ts";
import { formatFounding, foundingOf, genesisOf } from "./founding.ts";
import { readCard } from "./node-card.ts";

/** What founders tell each other, and compare. */
export interface FoundedNetwork {
  readonly chainId: string;
  readonly genesisHash: string;
  readonly organisations: readonly string[];
  readonly threshold: number;
}

/** Writes the founding document that follows from the cards in some files. Throws Refusal cli/NotFound, cli/BadCard, cli/CardsDoNotFit, cli/BadValue. */
export async function foundFromCards(options: {
  readonly name: string;
  readonly cards: readonly string[];
  readonly out: string;
}): Promise<FoundedNetwork> {
  const founding = foundingOf(options.name, await Promise.all(options.cards.map(readCard)));
  await writeFileDurably(options.out, Buffer.from(formatFounding(founding)));
  const genesis = genesisOf(founding);
  return {
    chainId: genesis.chainId,
    genesisHash: genesisHash(genesis, nativeCrypto),
    organisations: founding.cards.map(({ content }) => content.name),
    threshold: custodyThreshold(founding.cards.length),
  };
}
