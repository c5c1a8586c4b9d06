import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { writeFrames } from "../client/frames.ts";
import { problem } from "../client/testing/fake-node.ts";
import { accountKeys } from "../keys/account-keys.ts";
import { ownAccount } from "../transactions/own-account.ts";
import { fetchAhead, fetchParts, type KnownObject } from "./sealed-object.ts";

const as = await ownAccount(accountKeys(new Uint8Array(64).fill(7), 0));
const blobOf = (number: number) => Uint8Array.of(number);
const known = [0, 1, 2, 3, 4].map((number) => {
  const ciphertext = bytesToHex(blobAddress(blobOf(number), portableCrypto.sha256));
  return { objectId: `${number}`.repeat(64), ciphertext, sizeBucketBytes: 1 } as KnownObject;
});

interface Way {
  readonly isTolerant: boolean;
  readonly isAhead: boolean;
}

/** Fetches five objects from a node that answers as `reply` says to the numbers it is asked for; undefined: with their blobs. */
async function fetchFrom(reply: (numbers: readonly number[]) => Response | undefined, { isTolerant, isAhead }: Way) {
  let requests = 0;
  const fetch = async (_: RequestInfo | URL, init?: RequestInit) => {
    const { objectIds } = JSON.parse(new TextDecoder().decode(init!.body as Uint8Array)) as { objectIds: string[] };
    requests += 1;
    const numbers = objectIds.map((id) => Number(id[0]));
    return reply(numbers) ?? new Response(writeFrames(numbers.map(blobOf)));
  };
  const left: [string, string][] = [];
  const note = ({ object, error }: { object: KnownObject; error: Error }) =>
    left.push([object.objectId[0]!, "id" in error ? String(error.id) : error.name]);
  const client = createClient({ url: "http://node.test/", chainId: "test", crypto: portableCrypto, fetch });
  const parts = ["ciphertext"] as const;
  const ahead = isAhead ? await fetchAhead(client, { as, parts, objectIds: known.map(({ objectId }) => objectId) }) : undefined;
  const fetched = await fetchParts(client, { as, known, parts, onUnreadable: isTolerant ? note : undefined, ahead });
  return { requests, fetched: fetched.map(({ object, blobs }) => [Number(object.objectId[0]), ...blobs.ciphertext]), left };
}

const all = known.map((_, number) => [number, number]);
const but = (...missing: number[]) => all.filter(([number]) => !missing.includes(number!));
const tooLarge = (numbers: readonly number[]) =>
  numbers.length > 2 ? problem({ id: "api/AnswerTooLarge", status: 413, sentence: "" }) : undefined;
const lost = (numbers: readonly number[]) =>
  numbers.includes(3) ? problem({ id: "blobs/NotHeld", status: 404, sentence: "" }) : undefined;
const altered = (numbers: readonly number[]) => new Response(writeFrames(numbers.map((number) => blobOf(number === 1 ? 9 : number))));
const down = () => problem({ id: "api/Forbidden", status: 403, sentence: "" });

describe.each([
  ["once the objects are known", false],
  ["before the objects are known", true],
])("blobs asked for %s", (_, isAhead) => {
  it.each([
    ["that has all", () => undefined, all, []],
    ["that sends less at once than the sizes on the ledger promise", tooLarge, all, []],
    ["that has lost one", lost, but(3), [["3", "blobs/NotHeld"]]],
    ["that has altered one", altered, but(1), [["1", "client/WrongBlob"]]],
  ])("are all that can be had from a node %s", async (_, reply, fetched, left) => {
    expect(await fetchFrom(reply, { isTolerant: true, isAhead })).toMatchObject({ fetched, left });
  });

  it.each([
    ["one is lost and nobody hears of it", lost, false, "blobs/NotHeld"],
    ["one is altered and nobody hears of it", altered, false, "client/WrongBlob"],
    ["the node refuses for a reason that concerns all", down, true, "api/Forbidden"],
  ])("are refused when %s", async (_, reply, isTolerant, id) => {
    await expect(fetchFrom(reply, { isTolerant, isAhead })).rejects.toMatchObject({ id });
  });

  it("are asked for once from a node that has all", async () => {
    expect(await fetchFrom(() => undefined, { isTolerant: true, isAhead })).toMatchObject({ requests: 1 });
  });
});
