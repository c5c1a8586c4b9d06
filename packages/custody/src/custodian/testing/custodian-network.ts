import { randomBytes } from "node:crypto";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { requireHexBytes } from "@galen/ledger/crypto/hex";
import { keys } from "@galen/ledger/modules/custody/state";
import { keyMessage, type TestOperator, testOperator } from "@galen/ledger/modules/validators/testing/scene";
import type { ServedEntry } from "@galen/ledger/modules/vault/served-log";
import { vaultVersion } from "@galen/ledger/modules/vault/testing/scene";
import { foundTown, type TestAccount, type TestTown, testAccount } from "@galen/ledger/testing/actors";
import { signWith } from "@galen/ledger/testing/chain";
import type { Message } from "@galen/ledger/tx/transaction";
import { type Custodian, type CustodianOptions, type NodeKey, startCustodian } from "../custodian.ts";
import type { CustodianState } from "../custodian-state.ts";
import { hpkeSealing } from "./hpke-sealing.ts";

/** A custodian with what it keeps, in memory. */
export interface TestCustodian {
  readonly account: TestAccount;
  /** The organisation whose node it runs beside. */
  readonly house: TestOperator;
  readonly custodian: Custodian;
  /** What its state file holds. */
  readonly state: () => CustodianState;
  readonly served: ServedEntry[];
  readonly reports: unknown[];
  /** Ends it and starts another one on the same state. */
  restart(): Promise<TestCustodian>;
}

/** What a custodian does differently from an honest one. */
export type Misdeed = Partial<Pick<CustodianOptions, "sealing" | "state" | "submit" | "nodeKey">>;

/** Several custodians over one ledger in memory. */
export interface CustodianNetwork extends TestTown {
  /** The hospital, and the house of every custodian: who decides. */
  readonly alliance: readonly TestAccount[];
  /** Starts custodians by name and gives them accounts, each with a house of its own that joins with its node. */
  add(...names: readonly string[]): Promise<TestCustodian[]>;
  addMisbehaving(name: string, misdeed: (honest: CustodianOptions) => Misdeed): Promise<TestCustodian>;
  /** Decides on a ceremony for these custodians and lets everybody act. */
  ceremony(kind: "generate" | "reshare", threshold: number, custodians: readonly TestCustodian[]): Promise<void>;
  /** Lets everybody act until nobody has anything to do. */
  settle(): Promise<void>;
}

export const WINDOW_MS = 60_000;

/** Founds the town and an empty network, under the newest rules or others. */
export async function foundCustodianNetwork(
  version: LedgerVersion | readonly LedgerVersion[] = { ...vaultVersion, number: 4 },
): Promise<CustodianNetwork> {
  const town = await foundTown({ version });
  const { chain, hospital } = town;
  const alliance: TestAccount[] = [hospital];
  const running = new Set<Custodian>();
  const listeners = new Set<() => void>();
  let last: Promise<unknown> = Promise.resolve();

  /** One block after the other, as an engine would. */
  function run(actors: readonly TestAccount[], messages: readonly Message[]): Promise<void> {
    const done = last.then(async () => {
      const { refusal } = await chain.run(actors, ...messages);
      for (const listener of listeners) listener();
      if (refusal) throw new Error(refusal.id);
    });
    last = done.catch(() => {});
    return done;
  }

  interface Own {
    readonly account: TestAccount;
    readonly house: TestOperator;
  }

  function optionsFor({ account, house }: Own, kept: { state: CustodianState | undefined }, served: ServedEntry[], reports: unknown[]) {
    const options: CustodianOptions = {
      account: account.account,
      nodeKey: nodeKeyOf(house),
      read: () => chain.ledger.read(),
      knowsMessage: (type) => chain.ledger.version.messages.has(type),
      onBlock(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      submit: (messages) => run([account], messages),
      state: {
        read: async () => kept.state,
        async write(state) {
          kept.state = state;
        },
      },
      served: { last: async () => served.at(-1), append: async (entry) => void served.push(entry) },
      sealing: hpkeSealing,
      random: (length) => Uint8Array.from(randomBytes(length)),
      report: (error) => void reports.push(error),
    };
    return options;
  }

  async function start(own: Own, misdeed: (honest: CustodianOptions) => Misdeed): Promise<TestCustodian> {
    const kept: { state: CustodianState | undefined } = { state: undefined };
    const [served, reports]: [ServedEntry[], unknown[]] = [[], []];
    const honest = optionsFor(own, kept, served, reports);
    const open = async (): Promise<TestCustodian> => {
      const custodian = await startCustodian({ ...honest, ...misdeed(honest) });
      running.add(custodian);
      const restart = async () => {
        await custodian.stop();
        running.delete(custodian);
        return open();
      };
      return { ...own, custodian, state: () => kept.state!, served, reports, restart };
    };
    return open();
  }

  const network: CustodianNetwork = {
    ...{ ...town, alliance },
    async add(...names) {
      const added: TestCustodian[] = [];
      for (const name of names) added.push(await network.addMisbehaving(name, () => ({})));
      return added;
    },
    async addMisbehaving(name, misdeed) {
      const [account, house] = [testAccount(name, { kind: "service" }), testOperator(`house of ${name}`)];
      await run([account, house], [account.create, house.create]);
      const admission = { type: "governance.admitMember", value: { organisation: house.account } };
      await run([...alliance, house], [admission, keyMessage("register", house)]);
      alliance.push(house);
      return start({ account, house }, misdeed);
    },
    async ceremony(kind, threshold, custodians) {
      await network.settle();
      const receivers = custodians.map(({ custodian: { account, sealingKey } }) => ({ account, sealingKey }));
      const value = { purpose: "release", kind, threshold, custodians: receivers, windowMs: WINDOW_MS };
      await run(alliance, [{ type: "custody.startCeremony", value }]);
      await network.settle();
    },
    async settle() {
      for (let height = -1; height !== chain.ledger.height; ) {
        height = chain.ledger.height;
        for (const listener of listeners) listener();
        for (const custodian of running) await custodian.settled();
      }
    },
  };
  return network;
}

/** The key of a house's node, or another one, as its custodian uses it. */
export function nodeKeyOf({ nodeKey }: Pick<TestOperator, "nodeKey">): NodeKey {
  return { publicKey: nodeKey.publicKey, sign: (message) => requireHexBytes(signWith(nodeKey, message).signature, 64) };
}

/** The key in force. */
export function keySetOf({ chain }: CustodianNetwork) {
  return keys.get(chain.ledger.read(), "release");
}

/** Moves the clock by one window of a ceremony and lets everybody act. */
export async function passWindow(network: CustodianNetwork): Promise<void> {
  await network.chain.advance(WINDOW_MS);
  await network.settle();
}
