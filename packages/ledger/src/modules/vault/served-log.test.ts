import { describe, expect, it } from "vitest";
import { portableCrypto as crypto } from "../../crypto/portable.ts";
import { testBytes } from "../../testing/chain.ts";
import type { Release } from "./schema.ts";
import { nextEntry, type ServedEntry, servedFault } from "./served-log.ts";

const [reader, owner] = [testBytes("reader"), testBytes("owner")];
const releaseId = testBytes("release");
const release: Release = {
  ...{ number: 0, reader, owner, objects: [], purpose: "TREAT", at: 1, height: 7, epoch: 1 },
  outcome: { kind: "released", under: "grant" },
};
const first = nextEntry(undefined, { releaseId: testBytes("before"), reader, epoch: 1, height: 6 }, crypto);
const entry = nextEntry(first, { releaseId, reader, epoch: 1, height: 7 }, crypto);
/** The entry with other contents, and a hash that covers them. */
const rewritten = (changes: Partial<ServedEntry>) => nextEntry(first, { ...entry, ...changes }, crypto);

describe("an entry of a custodian's log", () => {
  it.each<[name: string, fault: string | undefined, entry: ServedEntry, release?: Release]>([
    ["that answers a release in its block", undefined, entry, release],
    ["that answers a release later", undefined, rewritten({ height: 8 }), release],
    ["of another number", "log-altered", { ...entry, number: 2 }, release],
    ["that stands behind another", "log-altered", { ...entry, previous: testBytes("other") }, release],
    ["whose hash is another's", "log-altered", { ...entry, hash: first.hash }, release],
    ["of another reader under the old hash", "log-altered", { ...entry, reader: owner }, release],
    ["of another height under the old hash", "log-altered", { ...entry, height: 8 }, release],
    ["of another epoch under the old hash", "log-altered", { ...entry, epoch: 2 }, release],
    ["without a release", "no-release", entry],
    ["of a request that was refused", "refused-release", entry, { ...release, outcome: { kind: "refused", reason: "NoGrant" } }],
    ["for somebody who did not ask", "other-reader", rewritten({ reader: owner }), release],
    ["from before the block of its release", "served-before-commit", rewritten({ height: 6 }), release],
  ])("%s: %s", (_name, fault, served, found) => {
    expect(servedFault(served, { before: first, release: found }, crypto)).toBe(fault);
  });

  it("of which one before it was taken out is found out", () => {
    expect(servedFault(entry, { before: undefined, release }, crypto)).toBe("log-altered");
    expect(servedFault(first, { before: undefined, release: { ...release, height: 6 } }, crypto)).toBeUndefined();
  });
});
