import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof } from "@galen/sdk/proofs/proof";
import { createProofFile } from "@galen/sdk/proofs/proof-file";
import { provenChain } from "@galen/sdk/proofs/testing/proven-chain";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createProgram } from "../program.ts";

let chain: Awaited<ReturnType<typeof provenChain>>;
let folder: string;
beforeAll(async () => {
  chain = await provenChain();
  folder = await mkdtemp(join(tmpdir(), "galen-verify-"));
  await writeFile(join(folder, "network.json"), JSON.stringify(chain.context.trust));
});
afterAll(() => rm(folder, { recursive: true }));

/** What `galen verify` tells of a file of these proofs, or why it does not. */
async function told(proofs: readonly Proof[], ...words: readonly string[]): Promise<string> {
  const file = join(folder, "proof.json");
  await writeFile(file, createProofFile(proofs, chain.context.crypto));
  const written: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0),
  );
  try {
    const trusting = ["--file", file, "--trust", join(folder, "network.json")];
    await (await createProgram(["verify"])).parseAsync(["verify", ...words, ...trusting], { from: "user" });
    return written.join("");
  } finally {
    for (const stream of streams) stream.mockRestore();
    process.exitCode = undefined;
  }
}

describe("a file", () => {
  it("is told as what it proves of an id", async () => {
    const { executed, refused } = chain;
    expect(await told([executed], executed.txHash)).toMatch(/^The transaction is on the ledger\.\n/);
    expect(await told([refused], refused.txHash)).toMatch(/^The transaction is on the ledger; it was refused and did nothing\.\n/);
    expect(await told([executed], refused.txHash)).toContain("proof/OtherSubject");
    expect(await told([refused, executed], executed.txHash)).toMatch(/^The transaction is on the ledger\.\n/);
  });

  it("is told with its time, and without an id with what of it counts for nothing", async () => {
    const { executed, refused } = chain;
    const asOf = "\nAs of 2023-11-14 22:13:25Z:\n";
    expect(await told([executed], executed.txHash)).toContain(asOf);
    const text = await told([executed, refused]);
    expect(text).toContain(asOf);
    expect(text).toContain(`! ${refused.txHash}: it was refused and did nothing`);
    expect(text).not.toContain(`! ${executed.txHash}`);
  });

  it("that proves an absence alone is not told as if something were there", async () => {
    expect(await told([chain.present, chain.absent])).toMatch(/^The proof file holds\. /);
    expect(await told([chain.absent])).toMatch(/^The proof file holds: it proves that something is not on the ledger\./);
  });

  it("asks no node for what only a node could say", async () => {
    expect(await told([chain.executed], "--save", "other.json")).toContain("cli/BadValue");
    expect(await told([chain.executed], "--as", "Ann")).toContain("cli/BadValue");
  });
});
