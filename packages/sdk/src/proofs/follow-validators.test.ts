import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { validatorsHash, validatorToJson } from "@galen/ledger/block/validator";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { problem } from "../client/testing/fake-node.ts";
import type { LightBlock } from "../light/light-block.ts";
import { createBlocks, signersOfSet } from "../light/testing/test-chain.ts";
import { followValidators } from "./follow-validators.ts";

const { sha256 } = portableCrypto;
const HEIGHT = 9;
const setHash = (n: number) => bytesToHex(validatorsHash(signersOfSet(n), sha256));

/** A client whose node has these blocks; one member of the set changes with every height. */
function clientOf(blocks: readonly LightBlock[], validatorsHash = setHash(1)) {
  const fetch = async (input: RequestInfo | URL) => {
    const last = new URL(new Request(input).url).pathname.split("/").at(-1)!;
    if (last === "status") return Response.json({ chainId: "test", height: blocks.length });
    const block = blocks[Number(last) - 1];
    if (!block) return problem({ id: "api/HeightNotHeld", status: 404, sentence: "none" });
    const signed_header = { header: Header.toJson(block.header), commit: Commit.toJson(block.commit) };
    return Response.json({ signed_header, validators: block.validators.map((validator) => validatorToJson(validator, sha256)) });
  };
  return createClient({ url: "http://node.test", trust: { chainId: "test", validatorsHash }, fetch, now: () => 1_700_000_100_000 });
}

const blocks = createBlocks(HEIGHT + 1, (height) => height).slice(0, HEIGHT);

describe("following validators", () => {
  it("leads from the founding set to the present one, of which nobody founded the chain", async () => {
    expect(await followValidators(clientOf(blocks), { height: HEIGHT - 1 })).toEqual({
      chainId: "test",
      validatorsHash: setHash(HEIGHT - 1),
    });
  });

  const forged = createBlocks(HEIGHT + 1, (height) => (height < 5 ? height : height + 20)).slice(0, HEIGHT);
  const spliced = blocks.map((block, index) => (index < 5 ? block : forged[index]!));
  it.each([
    ["another founding set", clientOf(blocks, setHash(2)), {}, "proof/ValidatorsNotTrusted", {}],
    [
      "a height that the node does not have",
      clientOf(blocks),
      { height: 99 },
      "proof/ValidatorsNotFollowed",
      { fault: "header-not-found" },
    ],
    ["headers of strangers", clientOf(spliced), { height: HEIGHT - 1 }, "proof/ValidatorsNotFollowed", {}],
    [
      "a founding that is too long ago",
      clientOf(blocks),
      { height: 8, trustingPeriodMs: 1 },
      "proof/ValidatorsNotFollowed",
      { fault: "trusted-header-expired" },
    ],
  ] as const)("is refused with %s", async (_, client, options, id, details) => {
    await expect(followValidators(client, options)).rejects.toMatchObject({ id, details });
  });
});
