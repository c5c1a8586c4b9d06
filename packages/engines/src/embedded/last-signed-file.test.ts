import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LastSigned } from "./last-signed.ts";
import { openLastSignedFiles } from "./last-signed-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "last-signed-"));
});
afterEach(() => rm(folder, { recursive: true }));

const voteAt = (height: number, blockSize = 10): LastSigned => ({
  height,
  round: 0,
  step: 3,
  signBytes: Uint8Array.of(1, 2, height),
  signature: new Uint8Array(64).fill(height),
  commit: Uint8Array.of(9, height),
  block: new Uint8Array(blockSize).fill(height),
});

async function reopenAndRead(): Promise<LastSigned | undefined> {
  const files = await openLastSignedFiles(folder);
  const vote = await files.read();
  await files.close();
  return (
    vote && {
      ...vote,
      signBytes: new Uint8Array(vote.signBytes),
      signature: new Uint8Array(vote.signature),
      commit: new Uint8Array(vote.commit),
      block: new Uint8Array(vote.block),
    }
  );
}

async function writeAll(...votes: readonly LastSigned[]): Promise<void> {
  const files = await openLastSignedFiles(folder);
  for (const vote of votes) await files.write(vote);
  await files.close();
}

describe("the files of the last vote", () => {
  it("are empty at first", async () => {
    expect(await reopenAndRead()).toBeUndefined();
  });

  it("give the last vote, whatever was longer before", async () => {
    await writeAll(voteAt(1), voteAt(2, 100_000), voteAt(3, 50_000), voteAt(4));
    expect(await reopenAndRead()).toEqual(voteAt(4));
  });

  it("are CometBFT's priv_validator_state.json and CometBFT passes over what is ours", async () => {
    await writeAll(voteAt(7));
    const json = JSON.parse(await readFile(join(folder, "last-signed-1.json"), "utf8"));
    expect(json).toMatchObject({ height: "7", round: 0, step: 3, signature: Buffer.alloc(64, 7).toString("base64"), signbytes: "010207" });
  });

  it("give the vote before one that was cut short anywhere", async () => {
    await writeAll(voteAt(4), voteAt(5, 200));
    const path = join(folder, "last-signed-1.json");
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length += 7) {
      // What is left of an older, longer vote may follow.
      for (const rest of [Buffer.alloc(0), whole.subarray(length + 30)]) {
        await writeFile(path, Buffer.concat([whole.subarray(0, length), rest]));
        expect(await reopenAndRead()).toEqual(voteAt(4));
      }
    }
  });
});
