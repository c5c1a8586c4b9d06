import { describe, expect, it } from "vitest";
import { expectDone, foundTown, type TestAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { type TestChain, testBytes } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import { ledgerVersions } from "../index.ts";
import { usedKeys } from "./state.ts";
import {
  currentKey,
  heldKey,
  makeKey,
  offerMessage,
  seatHouses,
  startCeremony,
  startMessage,
  testSealingKey,
} from "./testing/custodians.ts";
import { change, confirmAll, dealAll, everybody, houses, sceneOf } from "./testing/scene.ts";

const AHEAD = 6;
const custodians = everybody.slice(0, 3);

/** A chain under version `from` on which version 3 takes over soon; under version 2 the custodians' houses have their nodes. */
async function chainBefore(
  from: 1 | 2,
): Promise<{ chain: TestChain; alliance: readonly TestAccount[]; until: (height: number) => Promise<void> }> {
  const { chain, hospital } = await foundTown({ version: ledgerVersions.slice(from - 1) });
  const alliance = from === 1 ? [hospital] : await seatHouses(chain, [hospital], houses.slice(0, 3));
  await expectDone(chain.run(custodians, ...custodians.map(({ create }) => create)));
  const until = async (height: number) => {
    while (chain.ledger.height < height) await chain.block();
  };
  return { chain, alliance, until };
}

async function planUpgrade(chain: TestChain, alliance: readonly TestAccount[]): Promise<number> {
  const height = chain.ledger.height + AHEAD;
  await expectDone(chain.run(alliance, { type: "governance.scheduleUpgrade", value: { height, version: 3 } }));
  return height;
}

describe("an upgrade to version 3", () => {
  it("lets a ceremony that runs go on, and asks custodians for their keys from then on", async () => {
    const { chain, alliance, until } = await chainBefore(2);
    const held = await makeKey(chain, alliance, { custodians, threshold: 2 });
    const height = await planUpgrade(chain, alliance);
    const running = { kind: "reshare", threshold: 2, custodians, round: "across" } as const;
    const ceremonyId = await startCeremony(chain, alliance, running);
    const scene = sceneOf(chain, alliance, ceremonyId, held.shares);
    await dealAll(scene, [1, 2]);
    await until(height);
    expect(chain.ledger.version.number).toBe(3);
    const across = testSealingKey(custodians[0]!.account, "across");
    expect(usedKeys.get(chain.ledger.read(), across)).toEqual({ ceremonyId, account: custodians[0]!.account });
    for (const { sealingKey } of currentKey(chain)!.custodians) expect(usedKeys.has(chain.ledger.read(), sealingKey)).toBe(true);
    expect(refusalOf(chain, [custodians[0]!], [offerMessage(custodians[0]!, "across")])).toBe("custody/SealingKeyReused");
    await dealAll(scene, [3]);
    await confirmAll(scene, [1, 2, 3]);
    expect(currentKey(chain)).toMatchObject({ publicKey: held.keySet.publicKey, epoch: 2 });
    await chain.checkInvariants();

    const next = { kind: "reshare", threshold: 2, custodians, round: "next" } as const;
    const named = (sealingKey: string) => [{ account: custodians[0]!.account, sealingKey }];
    for (const sealingKey of [testBytes("proposer"), currentKey(chain)!.custodians[0]!.sealingKey]) {
      const start = change(startMessage(next), { threshold: 1, custodians: named(sealingKey) });
      expect(refusalOf(chain, alliance, [start])).toBe("custody/KeyNotOffered");
    }
    const after = await makeKey(chain, alliance, { custodians, threshold: 2, from: { ...heldKey(chain), dealers: custodians } });
    expect(after.keySet).toMatchObject({ publicKey: held.keySet.publicKey, epoch: 3 });
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("makes up for version 2 where a chain of version 1 takes both in one block", async () => {
    const { chain, alliance, until } = await chainBefore(1);
    await makeKey(chain, alliance, { custodians, threshold: 2 });
    await until(await planUpgrade(chain, alliance));
    expect(chain.ledger.version.number).toBe(3);
    expect(ask(chain, "validators.nodes")).toMatchObject({ totalPower: 1 });
    for (const { sealingKey } of currentKey(chain)!.custodians) expect(usedKeys.has(chain.ledger.read(), sealingKey)).toBe(true);
    await chain.checkInvariants();
    await chain.checkReplay();
  });
});
