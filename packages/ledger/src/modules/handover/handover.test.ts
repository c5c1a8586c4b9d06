import { describe, expect, it } from "vitest";
import { type Genesis, genesisHash, initialHeight, successorHash } from "../../app/genesis.ts";
import { openLedger } from "../../app/ledger.ts";
import { restoreLedger } from "../../app/restore-ledger.ts";
import { compileVersion } from "../../app/version.ts";
import { bytesToHex } from "../../crypto/hex.ts";
import { portableCrypto } from "../../crypto/portable.ts";
import { createMemoryStore } from "../../store/memory.ts";
import { expectDone, foundTown, type TestAccount, type TestTown, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestChain, testKey } from "../../testing/chain.ts";
import { refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { ledgerVersions } from "../index.ts";
import { handoverModule } from "./index.ts";

const newest = ledgerVersions.at(-1)!;
const { codec } = compileVersion(newest);
const version3 = ledgerVersions.find(({ number }) => number === 3)!;
const ann = testAccount("ann");
const town = () => foundTown({ version: newest });

/** The successor's document before the end is known. */
function announcedGenesis({ now }: TestChain, change: Partial<Genesis> = {}): Genesis {
  const parameters = { maxBlockBytes: 1_048_576, maxTransactionLifetimeMs: 600_000 };
  const validators = ["one", "two", "three", "four"].map((name) => ({ publicKey: testKey(name).publicKey, power: 1 }));
  return { chainId: "successor", genesisTime: now + 60_000, version: newest.number, validators, parameters, modules: {}, ...change };
}

function announceMessage(genesis: Genesis) {
  return { type: "handover.announce", value: { chainId: genesis.chainId, successorHash: successorHash(genesis, portableCrypto) } };
}

/** Where the chain ended, as the successor's document says it. */
function endOf({ ledger, genesis }: TestChain): NonNullable<Genesis["predecessor"]> {
  const founded = genesisHash(genesis, portableCrypto);
  return { chainId: ledger.chainId, genesisHash: founded, height: ledger.height, appHash: bytesToHex(ledger.appHash) };
}

async function endChain({ chain, hospital }: TestTown): Promise<Genesis> {
  const genesis = announcedGenesis(chain);
  await expectDone(chain.run(hospital, announceMessage(genesis)));
  await chain.advance(1_000);
  return { ...genesis, predecessor: endOf(chain) };
}

refusalTable(
  async () => (await town()).chain,
  [
    [
      "announced",
      undefined,
      [testAccount("hospital", { kind: "organisation" })],
      announceMessage(announcedGenesis({ now: 0 } as TestChain)),
    ],
    [
      "announced by somebody",
      "governance/NotDecided",
      [testAccount("patient")],
      announceMessage(announcedGenesis({ now: 0 } as TestChain)),
    ],
    [
      "announced under its own name",
      "handover/SameName",
      [testAccount("hospital", { kind: "organisation" })],
      announceMessage(announcedGenesis({ now: 0 } as TestChain, { chainId: "test-chain" })),
    ],
  ],
);

it("an ended chain takes nothing more, from nobody", async () => {
  const ended = await town();
  expect(() => ask(ended.chain, "handover.announcement", {})).toThrow("handover/NotAnnounced");
  await endChain(ended);
  const { refusal } = await ended.chain.run([ended.hospital, ann], ann.create);
  expect(refusal).toMatchObject({ id: "handover/ChainEnded", details: { chainId: "successor" } });
  expect(ask(ended.chain, "handover.announcement", {})).toMatchObject({ chainId: "successor" });
});

describe("an ended chain", () => {
  const register = { type: "tokens.register", value: { tokenKind: "beds" } };

  /** A proposal that is decided as it is made, for the hospital is the only member. */
  function proposal({ now }: TestChain, ...messages: readonly Message[]): Message {
    const kept = messages.map((message) => ({ type: message.type, value: bytesToHex(codec.encodeValue(message)) }));
    return { type: "approvals.propose", value: { messages: kept, asked: [], expiresAt: now + 3_600_000 } };
  }

  it("still takes the decision for another successor, alone, and only the last one begins", async () => {
    const ended = await town();
    const first = await endChain(ended);
    const { chain, hospital } = ended;
    const second = announcedGenesis(chain, { chainId: "third" });
    const refusal = async (by: TestAccount, ...messages: readonly Message[]) => (await chain.run(by, ...messages)).refusal?.id;
    expect(await refusal(hospital, announceMessage(first))).toBe("handover/ChainEnded");
    expect(await refusal(ended.patient, announceMessage(second))).toBe("governance/NotDecided");
    expect(await refusal(hospital, announceMessage({ ...second, chainId: "test-chain" }))).toBe("handover/SameName");
    expect(await refusal(hospital, announceMessage(second), announceMessage(second))).toBe("handover/ChainEnded");
    expect(await refusal(hospital, register, announceMessage(second))).toBe("handover/ChainEnded");
    await expectDone(chain.run(hospital, announceMessage(second)));
    expect(await refusal(hospital, register)).toBe("handover/ChainEnded");
    expect(ask(chain, "handover.announcement", {})).toMatchObject({ chainId: "third" });
    await chain.checkReplay();

    const predecessor = endOf(chain);
    await expect(begun(chain, { ...first, predecessor })).rejects.toThrow("has not announced");
    expect((await begun(chain, { ...second, predecessor })).ledger.chainId).toBe("third");
  });

  it("took nothing at all before version 4", async () => {
    const ended = await foundTown({ version: version3 });
    const genesis = announcedGenesis(ended.chain, { version: 3 });
    await expectDone(ended.chain.run(ended.hospital, announceMessage(genesis)));
    const another = announceMessage({ ...genesis, chainId: "third" });
    expect((await ended.chain.run(ended.hospital, another)).refusal?.id).toBe("handover/ChainEnded");
  });

  it("is not ended by a transaction that goes on after the announcement, nor by votes that do", async () => {
    const { chain, hospital } = await town();
    const announce = announceMessage(announcedGenesis(chain));
    expect((await chain.run(hospital, announce, register)).refusal?.id).toBe("handover/ChainEnded");
    expect((await chain.run(hospital, proposal(chain, announce), register)).refusal?.id).toBe("handover/ChainEnded");
    const { events } = await expectDone(chain.run(hospital, proposal(chain, announce, register)));
    const refusalCode = handoverModule.errors.ChainEnded!.kind.code;
    expect(events.at(-1)).toMatchObject({ type: "approvals.notExecuted", data: { refusalCode } });
    await expectDone(chain.run(hospital, register));
    await expectDone(chain.run(hospital, proposal(chain, announce)));
    expect(ask(chain, "handover.announcement", {})).toMatchObject({ chainId: "successor" });
    await chain.checkInvariants();
  });

  it("was ended by such a transaction before version 4, with what came after", async () => {
    const { chain, hospital } = await foundTown({ version: version3 });
    await expectDone(chain.run(hospital, announceMessage(announcedGenesis(chain)), register));
    expect(ask(chain, "handover.announcement", {})).toMatchObject({ chainId: "successor" });
  });
});

/** The first block of the network of a document on the state of a chain. */
async function begun({ kv }: TestChain, genesis: Genesis): Promise<TestChain> {
  const chain = await createTestChain({ version: ledgerVersions, from: { kv, genesis } });
  await chain.block();
  return chain;
}

it("the successor goes on with every account, under its own name, validators and parameters", async () => {
  const ended = await town();
  const genesis = await endChain(ended);
  const kv = createMemoryStore();
  const chunks: Uint8Array[] = [];
  const manifest = await ended.chain.ledger.snapshot(async (chunk) => void chunks.push(chunk));
  await restoreLedger({ kv, crypto: portableCrypto, manifest, chunks, signedBlock: async () => ended.chain.ledger });

  const chain = await createTestChain({ version: ledgerVersions, from: { kv, genesis } });
  expect(chain.ledger.height + 1).toBe(initialHeight(genesis));
  expect(chain.ledger.checkTx(chain.ledger.prepare(chain.sign([ann], [ann.create]))).refusal?.id).toBe("handover/ChainEnded");
  const first = await chain.block();
  expect(first.validatorUpdates).toEqual([]);
  await expectDone(chain.run([ann], ann.create));
  const { hospital, clinician } = ended;
  await expectDone(
    chain.run(hospital, { type: "governance.setParameters", value: { maxBlockBytes: 65_536, maxTransactionLifetimeMs: 60_000 } }),
  );
  expect(chain.ledger.state.get(`accounts/accounts/${clinician.account}`)).toEqual(
    ended.chain.ledger.state.get(`accounts/accounts/${clinician.account}`),
  );
  await chain.checkInvariants();

  const restarted = await openLedger({ kv, crypto: portableCrypto, versions: ledgerVersions, genesis });
  expect({ chainId: restarted.chainId, root: restarted.appHash }).toEqual({ chainId: "successor", root: chain.ledger.appHash });
  await expect(openLedger({ kv, crypto: portableCrypto, versions: ledgerVersions, genesis: ended.chain.genesis })).rejects.toThrow(
    "another",
  );
});

it("nothing that was signed for the old chain counts in the new one", async () => {
  const ended = await town();
  const old = ended.chain.sign([ann], [ann.create], ended.chain.now + 600_000);
  const genesis = await endChain(ended);
  const chain = await createTestChain({ version: ledgerVersions, from: { kv: ended.chain.kv, genesis } });
  await chain.block();
  expect((await chain.block(old)).txResults[0]!.refusal?.id).toBe("tx/WrongChain");
});

const changes: readonly (readonly [name: string, change: (genesis: Genesis, chain: TestChain) => Genesis])[] = [
  ["another root", (genesis) => ({ ...genesis, predecessor: { ...genesis.predecessor!, appHash: "00".repeat(32) } })],
  ["another height", (genesis) => ({ ...genesis, predecessor: { ...genesis.predecessor!, height: genesis.predecessor!.height - 1 } })],
  ["another predecessor", (genesis) => ({ ...genesis, predecessor: { ...genesis.predecessor!, chainId: "foreign" } })],
  [
    "a predecessor founded otherwise",
    (genesis) => ({ ...genesis, predecessor: { ...genesis.predecessor!, genesisHash: "11".repeat(32) } }),
  ],
  ["another version", (genesis) => ({ ...genesis, version: 1 })],
  ["a time before the end", (genesis, { executed }) => ({ ...genesis, genesisTime: executed.at(-1)!.block.time })],
];
it.each(changes)("a document with %s does not open the state", async (_, change) => {
  const ended = await town();
  const genesis = change(await endChain(ended), ended.chain);
  const opening = openLedger({ kv: ended.chain.kv, crypto: portableCrypto, versions: ledgerVersions, genesis });
  await expect(opening).rejects.toThrow(/another genesis document|must begin with/);
});

it.each([
  ["other validators", { validators: [{ publicKey: testKey("thief").publicKey, power: 1 }] }],
  ["another name", { chainId: "usurper" }],
])("a document with %s than announced begins no chain", async (_, change) => {
  const ended = await town();
  const genesis = { ...(await endChain(ended)), ...change };
  const ledger = await openLedger({ kv: ended.chain.kv, crypto: portableCrypto, versions: ledgerVersions, genesis });
  const block = { ...ended.chain.executed[0]!.block, height: ledger.height + 1, time: genesis.genesisTime, txs: [] };
  expect(() => ledger.finalizeBlock(block)).toThrow("has not announced");
});

it("a chain that has not ended is no predecessor, and an empty store is not its end", async () => {
  const { chain } = await town();
  const genesis = { ...announcedGenesis(chain), predecessor: endOf(chain) };
  const ledger = await openLedger({ kv: chain.kv, crypto: portableCrypto, versions: ledgerVersions, genesis });
  const block = { ...chain.executed[0]!.block, height: ledger.height + 1, time: genesis.genesisTime, txs: [] };
  expect(() => ledger.finalizeBlock(block)).toThrow("has not announced");
  const onNothing = openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: ledgerVersions, genesis });
  await expect(onNothing).rejects.toThrow("restore the state of its end first");
});
