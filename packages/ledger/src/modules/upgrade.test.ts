import { describe, expect, it } from "vitest";
import { openLedger } from "../app/ledger.ts";
import { equalBytes } from "../crypto/bytes.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { createMemoryStore } from "../store/memory.ts";
import { expectDone } from "../testing/actors.ts";
import { ask } from "../testing/ask.ts";
import type { Message } from "../tx/transaction.ts";
import { ledgerVersions } from "./index.ts";
import { foundVaultTown, sealedObject, sealMessage, type VaultTown } from "./vault/testing/scene.ts";

const AHEAD = 3;

/** A town on version 1 that keeps a sealed object and has decided to go on under version 2. */
async function townBeforeUpgrade(): Promise<VaultTown & { objectId: string; height: number }> {
  const town = await foundVaultTown({ version: ledgerVersions });
  const { chain, hospital, patient } = town;
  const object = sealedObject(patient, "document");
  await expectDone(chain.run(patient, sealMessage(object)));
  const height = chain.ledger.height + 1 + AHEAD;
  await expectDone(chain.run(hospital, { type: "governance.scheduleUpgrade", value: { height, version: 2 } }));
  return { ...town, objectId: object.objectId, height };
}

describe("a chain of version 1", () => {
  it("goes on under version 2 at the height that was decided, keeps its records, and replays from its founding", async () => {
    const { chain, hospital, patient, objectId, height } = await townBeforeUpgrade();
    const strange: Message = { type: "approvals.withdraw", value: { proposalId: objectId } };
    const kept = ask(chain, "vault.object", { objectId });
    while (chain.ledger.height < height - 1) {
      expect(chain.ledger.version.number).toBe(1);
      expect(() => chain.sign([hospital], [strange])).toThrow("tx/UnknownMessage");
      await chain.block();
    }
    expect(chain.ledger.version.number).toBe(2);
    expect((await chain.run(hospital, strange)).refusal?.id).toBe("approvals/UnknownProposal");
    expect(chain.ledger.height).toBe(height);
    expect(ask(chain, "vault.object", { objectId })).toEqual(kept);
    expect(ask(chain, "governance.upgrade")).toEqual({ version: 2 });
    await expectDone(chain.run(patient, { type: "vault.erase", value: { objectIds: [objectId] } }));
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("stops before that height on a program without version 2, with a sentence, and goes on when it is there", async () => {
    const { chain, height } = await townBeforeUpgrade();
    while (chain.ledger.height < height + 1) await chain.block();
    const options = { kv: createMemoryStore(), crypto: portableCrypto, genesis: chain.genesis };
    const old = await openLedger({ ...options, versions: ledgerVersions.slice(0, 1) });
    const missing = "this program has no ledger version 2; install the release that brings it before the network reaches it";
    for (const { block } of chain.executed.slice(0, height - 2)) {
      old.finalizeBlock(block);
      await old.commit();
    }
    const last = chain.executed[height - 2]!;
    expect(last.block.height).toBe(height - 1);
    expect(() => old.finalizeBlock(last.block)).toThrow(missing);

    const fresh = await openLedger({ ...options, versions: ledgerVersions });
    expect(fresh.height).toBe(height - 2);
    for (const { block, finalized } of chain.executed.slice(height - 2)) {
      expect(equalBytes(fresh.finalizeBlock(block).appHash, finalized.appHash)).toBe(true);
      await fresh.commit();
    }
    await expect(openLedger({ ...options, versions: ledgerVersions.slice(0, 1) })).rejects.toThrow(missing);
  });
});
