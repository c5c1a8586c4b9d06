import { concatBytes } from "@galen/ledger/crypto/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { webRandom } from "../keys/random.ts";
import { packContent, packedSize, unpackContent } from "./content.ts";
import { deflate } from "./deflate.ts";
import { padmeLength } from "./padme.ts";

const LIMIT = 10_000_000;

/** Content as a careless or hostile sealer might write it; by default, what `packContent` would. */
async function forge(change: {
  encoding?: number;
  body?: Uint8Array;
  bodySize?: number;
  plaintextSize?: number;
  size?: number;
  padding?: number;
}) {
  const plaintext = new Uint8Array(3000).fill(65);
  const body = change.body ?? (await deflate(plaintext));
  const content = new Uint8Array(change.size ?? padmeLength(Math.max(1024, 17 + body.length))).fill(change.padding ?? 0);
  const header = new DataView(content.buffer);
  header.setUint8(0, change.encoding ?? 1);
  header.setBigUint64(1, BigInt(change.bodySize ?? body.length));
  header.setBigUint64(9, BigInt(change.plaintextSize ?? plaintext.length));
  content.set(body, 17);
  return content;
}

const whole = await deflate(new Uint8Array(3000).fill(65));

describe("content", () => {
  it("comes back, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 3000 }), fc.constant(new Uint8Array(100_000))), async (plaintext) => {
        const content = await packContent(plaintext);
        expect(padmeLength(content.length)).toBe(content.length);
        expect(await packedSize(plaintext)).toBe(content.length);
        expect(await unpackContent(content, LIMIT)).toEqual(plaintext);
      }),
    );
  });

  it("is compressed where that helps, and no longer than padding asks where it does not", async () => {
    expect(await packContent(new Uint8Array(100_000))).toHaveLength(1024);
    expect(await packContent(webRandom(50_000))).toHaveLength(padmeLength(50_017));
    const noise = concatBytes([webRandom(65_536), webRandom(30_000)]);
    expect(await packContent(noise)).toHaveLength(padmeLength(95_553));
    expect(await unpackContent(await packContent(noise), LIMIT)).toEqual(noise);
  });

  it("is stored where compression does not make it shorter, and taken in that form alone", async () => {
    // A run saves two bytes; the bytes above 143 behind it take nine bits each.
    const candidates = Array.from({ length: 40 }, (_, extra) => Uint8Array.from({ length: 7 + extra }, (_, i) => (i < 7 ? 65 : 193 + i)));
    const deflated = await Promise.all(candidates.map(async (plaintext) => ({ plaintext, body: await deflate(plaintext) })));
    const { plaintext, body } = deflated.find(({ plaintext, body }) => body.length === plaintext.length)!;
    expect((await packContent(plaintext))[0]).toBe(0);
    await expect(unpackContent(await forge({ body, plaintextSize: body.length }), LIMIT)).rejects.toMatchObject({
      code: "ContentMalformed",
    });
    expect(await unpackContent(await packContent(plaintext), LIMIT)).toEqual(plaintext);
  });

  it("opens up to the limit", async () => {
    const content = await packContent(new Uint8Array(3000));
    expect(await unpackContent(content, 3000)).toHaveLength(3000);
    await expect(unpackContent(content, 2999)).rejects.toMatchObject({ code: "ContentTooLarge" });
  });

  it("of every short text has one length", async () => {
    const texts = ["", "negative", "positive: ".repeat(60)].map((text) => new TextEncoder().encode(text));
    expect(new Set((await Promise.all(texts.map(packContent))).map(({ length }) => length))).toEqual(new Set([1024]));
  });

  it("as forged here by default is what is made", async () => {
    expect(await forge({})).toEqual(await packContent(new Uint8Array(3000).fill(65)));
  });

  it.each([
    ["an unknown encoding", { encoding: 2 }],
    ["a stored body with another length", { encoding: 0 }],
    ["no deflated body", { body: new Uint8Array(30).fill(0xff) }],
    ["a body that ends early", { bodySize: 5 }],
    ["a body longer than the content", { bodySize: 2000 }],
    ["a body length beyond every number", { bodySize: Number.MAX_SAFE_INTEGER }],
    ["a body with something behind it", { body: concatBytes([whole, Uint8Array.of(0)]) }],
    ["padding that is not zero", { padding: 1 }],
    ["more padding than needed", { size: 1088 }],
    ["less padding than needed", { size: 1000 }],
    ["a header only", { size: 17, body: new Uint8Array() }],
    ["a plaintext shorter than promised", { plaintextSize: 3001 }],
    ["a plaintext longer than promised", { plaintextSize: 2999 }],
    ["compression that made it longer", { plaintextSize: 5 }],
  ])("is refused with %s", async (_, change) => {
    await expect(unpackContent(await forge(change), LIMIT)).rejects.toMatchObject({ code: "ContentMalformed" });
  });

  it("is refused above the limit before anything is decompressed", async () => {
    // Decompressed first, it would be too short and so malformed.
    const bomb = await forge({ plaintextSize: 2 ** 50 });
    await expect(unpackContent(bomb, LIMIT)).rejects.toMatchObject({ code: "ContentTooLarge" });
  });

  it("does not unfold beyond its promise: a bomb of 256 MiB with a small stated length", async () => {
    const bomb = await forge({ body: await deflateZeros(2 ** 28), plaintextSize: 5_000_000 });
    const before = process.memoryUsage().arrayBuffers;
    await expect(unpackContent(bomb, LIMIT)).rejects.toMatchObject({ code: "ContentMalformed" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });
});

/** DEFLATE of `length` zeros, without ever holding them. */
async function deflateZeros(length: number): Promise<Uint8Array> {
  const piece = new Uint8Array(2 ** 22);
  let left = length;
  const zeros = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(piece);
      left -= piece.length;
    },
  });
  return new Uint8Array(await new Response(zeros.pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer());
}
