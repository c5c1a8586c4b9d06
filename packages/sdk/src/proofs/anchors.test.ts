import { headerHash } from "@galen/ledger/block/header";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { createBlocks } from "../light/testing/test-chain.ts";
import { checkAnchor, signedHeaderHash } from "./anchors.ts";
import { followValidators } from "./follow-validators.ts";
import { clientOf, setHash } from "./testing/headers-node.ts";

const HEIGHT = 9;
const blocks = createBlocks(HEIGHT + 1, (height) => height).slice(0, HEIGHT);
/** Another past: the same validators to begin with, strangers from height 5 on. */
const forged = createBlocks(HEIGHT + 1, (height) => (height < 5 ? height : height + 20)).slice(0, HEIGHT);
const hashOf = (height: number, chain = blocks) => bytesToHex(headerHash(chain[height - 1]!.header, portableCrypto.sha256));
const published = (height: number, chain = blocks) => ({ height, headerHash: hashOf(height, chain) });

describe("a published header", () => {
  it.each([1, 4, HEIGHT - 1])("of height %i fits the chain, whoever signed then", async (height) => {
    expect(await checkAnchor(clientOf(blocks), published(height))).toBe("fits");
  });

  it("of another past contradicts, as does one with a letter changed", async () => {
    expect(await checkAnchor(clientOf(blocks), published(6, forged))).toBe("contradicts");
    const [first, rest] = [hashOf(6)[0]!, hashOf(6).slice(1)];
    expect(await checkAnchor(clientOf(blocks), { height: 6, headerHash: `${first === "0" ? "1" : "0"}${rest}` })).toBe("contradicts");
  });

  it("of a block that the node does not hold is neither", async () => {
    expect(await checkAnchor(clientOf(blocks), { height: 99, headerHash: hashOf(1) })).toBe("notHeld");
  });

  it("is not taken for one of the chain because a node shows headers of strangers", async () => {
    const spliced = blocks.map((block, index) => (index < 5 ? block : forged[index]!));
    await expect(checkAnchor(clientOf(spliced), published(HEIGHT - 1, forged))).rejects.toMatchObject({
      id: "proof/ValidatorsNotFollowed",
    });
  });

  it("is held against no other header of the chain than the one of its height", async () => {
    const exchanged = blocks.with(3, blocks[0]!);
    const unexpected = { id: "client/UnexpectedAnswer", details: { field: "height", height: 1 } };
    await expect(checkAnchor(clientOf(exchanged), published(4))).rejects.toMatchObject(unexpected);
    await expect(checkAnchor(clientOf(exchanged), { height: 4, headerHash: hashOf(1) })).rejects.toMatchObject(unexpected);
  });

  it("of before the set that is trusted now is reached by the links of the headers", async () => {
    const client = clientOf(blocks);
    client.trust = { chainId: "test", validatorsHash: setHash(HEIGHT - 1), height: HEIGHT - 1 };
    expect(await checkAnchor(client, published(3))).toBe("fits");
    expect(await checkAnchor(client, published(6, forged))).toBe("contradicts");
  });

  it("of before it is believed of the sets that were followed", async () => {
    const client = clientOf(blocks);
    client.trust = await followValidators(client);
    expect(await signedHeaderHash(client, 1)).toBe(hashOf(1));
  });

  it("needs somebody to trust", async () => {
    await expect(checkAnchor({ ...clientOf(blocks), trust: undefined }, published(1))).rejects.toMatchObject({ id: "client/NoTrust" });
  });
});
