import { randomBytes } from "node:crypto";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { keys } from "@galen/ledger/modules/custody/state";
import type { ServedEntry } from "@galen/ledger/modules/vault/served-log";
import { vaultVersion } from "@galen/ledger/modules/vault/testing/scene";
import { foundTown, type TestAccount, type TestTown, testAccount } from "@galen/ledger/testing/actors";
import type { Message } from "@galen/ledger/tx/transaction";
import { type Custodian, type CustodianOptions, startCustodian } from "../custodian.ts";
import type { CustodianState } from "../custodian-state.ts";
import { hpkeSealing } from "./hpke-sealing.ts";

/** A custodian with what it keeps, in memory. */
export interface TestCustodian {
  readonly account: TestAccount;
  readonly custodian: Custodian;
  /** What its state file holds. */
  readonly state: () => CustodianState;
  readonly served: ServedEntry[];
  readonly reports: unknown[];
  /** Ends it and starts another one on the same state. */
  restart(): Promise<TestCustodian>;
}

/** What a custodian does differently from an honest one. */
export type Misdeed = Partial<Pick<CustodianOptions, "sealing" | "state" | "submit">>;

/** Several custodians over one ledger in memory. */
export interface CustodianNetwork extends TestTown {
  /** Starts custodians by name and gives them accounts. */
  add(...names: readonly string[]): Promise<TestCustodian[]>;
  addMisbehaving(name: string, misdeed: (honest: CustodianOptions) => Misdeed): Promise<TestCustodian>;
  /** Decides on a ceremony for these custodians and lets everybody act. */
  ceremony(kind: "generate" | "reshare", threshold: number, custodians: readonly TestCustodian[]): Promise<void>;
  /** Lets everybody act until nobody has anything to do. */
  settle(): Promise<void>;
}

export const WINDOW_MS = 60_000;

/** Founds the town and an empty network, under the newest rules or others. */
export async function foundCustodianNetwork(version: LedgerVersion | readonly LedgerVersion[] = vaultVersion): Promise<CustodianNetwork> {
  const town = await foundTown({ version });
  const { chain, hospital } = town;
  const running = new Set<Custodian>();
  const listeners = new Set<() => void>();
  let last: Promise<unknown> = Promise.resolve();

  /** One block after the other, as an engine would. */
  function run(account: TestAccount, messages: readonly Message[]): Promise<void> {
    const done = last.then(async () => {
      const { refusal } = await chain.run(account, ...messages);
      for (const listener of listeners) listener();
      if (refusal) throw new Error(refusal.id);
    });
    last = done.catch(() => {});
    return done;
  }

  function optionsFor(account: TestAccount, kept: { state: CustodianState | undefined }, served: ServedEntry[], reports: unknown[]) {
    const options: CustodianOptions = {
      account: account.account,
      read: () => chain.ledger.read(),
      knowsMessage: (type) => chain.ledger.version.messages.has(type),
      onBlock(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      submit: (messages) => run(account, messages),
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

  async function start(account: TestAccount, misdeed: (honest: CustodianOptions) => Misdeed): Promise<TestCustodian> {
    const kept: { state: CustodianState | undefined } = { state: undefined };
    const [served, reports]: [ServedEntry[], unknown[]] = [[], []];
    const honest = optionsFor(account, kept, served, reports);
    const open = async (): Promise<TestCustodian> => {
      const custodian = await startCustodian({ ...honest, ...misdeed(honest) });
      running.add(custodian);
      const restart = async () => {
        await custodian.stop();
        running.delete(custodian);
        return open();
      };
      return { account, custodian, state: () => kept.state!, served, reports, restart };
    };
    return open();
  }

  const network: CustodianNetwork = {
    ...town,
    add: (...names) => Promise.all(names.map((name) => network.addMisbehaving(name, () => ({})))),
    async addMisbehaving(name, misdeed) {
      const account = testAccount(name, { kind: "service" });
      await run(account, [account.create]);
      return start(account, misdeed);
    },
    async ceremony(kind, threshold, custodians) {
      await network.settle();
      const receivers = custodians.map(({ custodian: { account, sealingKey } }) => ({ account, sealingKey }));
      const value = { purpose: "release", kind, threshold, custodians: receivers, windowMs: WINDOW_MS };
      await run(hospital, [{ type: "custody.startCeremony", value }]);
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

/** The key in force. */
export function keySetOf({ chain }: CustodianNetwork) {
  return keys.get(chain.ledger.read(), "release");
}

/** Moves the clock by one window of a ceremony and lets everybody act. */
export async function passWindow(network: CustodianNetwork): Promise<void> {
  await network.chain.advance(WINDOW_MS);
  await network.settle();
}
