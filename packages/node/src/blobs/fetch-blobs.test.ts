import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { writeFrames } from "@galen/sdk/client/frames";
import { expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { PeerFailure } from "../peers/peer-failure.ts";
import type { Peers } from "../peers/peers.ts";
import { fetchBlobs, MAX_FETCHED } from "./fetch-blobs.ts";

const { sha256 } = nativeCrypto;
const blobs = new Map(
  Array.from({ length: 2 * MAX_FETCHED + 1 }, (_, number) => {
    const blob = Uint8Array.of(number);
    return [bytesToHex(blobAddress(blob, sha256)), blob];
  }),
);
const addresses = [...blobs.keys()];

/** A peer that gives what it holds, at most `fits` of it at a time, and counts how often it is asked. */
function peerWith(held: readonly string[], { fits = MAX_FETCHED, fails = false } = {}) {
  let requests = 0;
  const peers: Pick<Peers, "nodes" | "ask"> = {
    nodes: () => [{ url: "http://peer.test", key: "ab", height: 1 }],
    async ask(_node, _purpose, { body }, check) {
      requests += 1;
      if (fails) throw new PeerFailure("unreachable", "http://peer.test");
      const asked = (JSON.parse(Buffer.from(body!.bytes).toString()) as { addresses: string[] }).addresses;
      const given = new Set(asked.filter((address) => held.includes(address)).slice(0, fits));
      return check(writeFrames(asked.map((address) => (given.has(address) ? blobs.get(address)! : new Uint8Array(0)))));
    },
  };
  const kept: Uint8Array[] = [];
  const fetchAll = () => fetchBlobs({ peers, sha256, addresses, keep: async (found) => void kept.push(...found) });
  return { fetchAll, kept, requests: () => requests };
}

it.each([
  ["all of them", addresses, {}],
  ["all of them, few at a time", addresses, { fits: 5 }],
  ["the last one alone, behind more than one request asks for", addresses.slice(-1), {}],
  ["those in the middle", addresses.slice(MAX_FETCHED, MAX_FETCHED + 2), {}],
  ["none", [], {}],
])("fetches what a peer has: %s", async (_, held, how) => {
  const { fetchAll, kept } = peerWith(held, how);
  expect(await fetchAll()).toEqual(addresses.filter((address) => !held.includes(address)));
  expect(kept).toEqual(held.map((address) => blobs.get(address)));
});

it("leaves a peer alone that fails", async () => {
  const { fetchAll, requests } = peerWith(addresses, { fails: true });
  expect(await fetchAll()).toEqual(addresses);
  expect(requests()).toBe(1);
});
