import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { validatorsHash, validatorToJson } from "@galen/ledger/block/validator";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createClient } from "../../client/client.ts";
import { problem } from "../../client/testing/fake-node.ts";
import type { LightBlock } from "../../light/light-block.ts";
import { signersOfSet } from "../../light/testing/test-chain.ts";

const { sha256 } = portableCrypto;

/** Hash of the set that decides on height `n` where one member changes with every height. */
export const setHash = (n: number) => bytesToHex(validatorsHash(signersOfSet(n), sha256));

/** A client whose node has these blocks in the place of heights 1, 2 and so on; one member of the set changes with every height. */
export function clientOf(blocks: readonly LightBlock[], validatorsHash = setHash(1)) {
  const fetch = async (input: RequestInfo | URL) => {
    const [, , kind, height] = new URL(new Request(input).url).pathname.split("/");
    if (kind === "status") return Response.json({ chainId: "test", height: blocks.length });
    const block = blocks[Number(height) - 1];
    const decides = kind === "validators" ? (block?.validators ?? blocks[Number(height) - 2]?.nextValidators) : block?.validators;
    if (!decides) return problem({ id: "api/HeightNotHeld", status: 404, sentence: "none" });
    const validators = decides.map((validator) => validatorToJson(validator, sha256));
    if (!block || kind === "validators") return Response.json({ validators });
    return Response.json({ signed_header: { header: Header.toJson(block.header), commit: Commit.toJson(block.commit) }, validators });
  };
  return createClient({ url: "http://node.test", trust: { chainId: "test", validatorsHash }, fetch, now: () => 1_700_000_100_000 });
}
