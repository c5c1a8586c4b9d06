import { encodeField } from "@galen/ledger/block/protobuf";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { describe, expect, it } from "vitest";
import { decided } from "../testing/test-consensus.ts";
import { methods } from "./messages.ts";
import { decodeRequest } from "./requests.ts";
import { SHORTEST_SIGNED_BYTES } from "./too-short.ts";

const { request, requestTag } = methods.processProposal;
const read = (block: Uint8Array) => decodeRequest(encodeField(requestTag, 2, block)).value;

describe("a proposed block", () => {
  const long = new Uint8Array(SHORTEST_SIGNED_BYTES);
  it.each<[string, readonly Uint8Array[], boolean]>([
    ["without transactions", [], true],
    ["of what may be transactions", [long, long], true],
    ["with one that is too short among them", [long, long.subarray(1), long], false],
    ["with an empty one at the end", [long, new Uint8Array(0)], false],
  ])("%s is read, unless nothing is to be made of it", (_, txs, isRead) => {
    const block = decided(1, txs);
    expect(read(request.encode(block))).toEqual(isRead ? block : undefined);
  });

  it("of a million empty transactions is nothing, before anything is made of them", () => {
    const txs = Buffer.alloc(2_000_000, encodeField(1, 2, new Uint8Array(0)));
    expect(read(concatBytes([txs, request.encode(decided(1))]))).toBeUndefined();
  });
});
