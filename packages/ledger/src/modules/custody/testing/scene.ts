import { scalarField } from "../../../crypto/group.ts";
import { expectDone, foundingBy, type TestAccount, testAccount } from "../../../testing/actors.ts";
import { createTestChain, type TestChain } from "../../../testing/chain.ts";
import type { Message } from "../../../tx/transaction.ts";
import { defaultSettings } from "../../validators/index.ts";
import { nodesVersion } from "../../validators/testing/scene.ts";
import { custodyModule } from "../index.ts";
import {
  ceremonyOf,
  dealMessage,
  type HeldKey,
  houseOf,
  makeKey,
  type Polynomial,
  scalarHex,
  startCeremony,
  type TestCustodian,
  testCustodian,
  testPolynomial,
} from "./custodians.ts";

export const WINDOW_MS = 60_000;
const names = Array.from({ length: 7 }, (_, position) => `custodian ${position + 1}`);
/** Seven custodians, and the house of each: the members of the alliance, a node each. */
export const everybody = names.map((name) => testCustodian(name));
export const houses = names.map(houseOf);
export const outsider = testAccount("outsider");
export const custodian = (index: number) => everybody[index - 1]!;
export const indexes = (count: number) => Array.from({ length: count }, (_, position) => position + 1);

export interface Scene {
  readonly chain: TestChain;
  readonly alliance: readonly TestAccount[];
  readonly ceremonyId: string;
  /** The polynomial of each dealer. */
  readonly polynomial: (dealer: number) => Polynomial;
  readonly deal: (
    dealer: number,
    changes?: {
      shares?: Readonly<Record<number, bigint>>;
      polynomial?: Polynomial;
    },
  ) => Message;
}

/** The alliance and seven accounts that may become custodians, under the newest rules or those of another version. */
export async function found(module = custodyModule, number = module === custodyModule ? 4 : 2): Promise<Pick<Scene, "chain" | "alliance">> {
  const nodes = houses.map(({ account, nodeKey }) => ({ organisation: account, publicKey: nodeKey.publicKey }));
  const chain = await createTestChain({
    version: { ...nodesVersion, number, modules: [...nodesVersion.modules, module] },
    validators: nodes.map(({ publicKey }) => ({ publicKey, power: 1 })),
    modules: { ...foundingBy(...houses), validators: { nodes, settings: defaultSettings } },
  });
  await expectDone(chain.run([...everybody, outsider], ...[...everybody, outsider].map(({ create }) => create)));
  return { chain, alliance: houses };
}

export function sceneOf(
  chain: TestChain,
  alliance: Scene["alliance"],
  ceremonyId: string,
  constantTerms?: ReadonlyMap<number, bigint>,
): Scene {
  const { threshold, receivers } = ceremonyOf(chain, ceremonyId);
  const polynomial = (dealer: number) => testPolynomial(`${ceremonyId}/${dealer}`, threshold, constantTerms?.get(dealer));
  const deal: Scene["deal"] = (dealer, changes = {}) =>
    dealMessage({
      chainId: chain.ledger.chainId,
      ceremonyId,
      dealer,
      polynomial: polynomial(dealer),
      receivers: receivers.length,
      ...changes,
    });
  return { chain, alliance, ceremonyId, polynomial, deal };
}

/** A ceremony that has just started: by default two of three make the key. */
export async function started(threshold = 2, count = 3): Promise<Scene> {
  const { chain, alliance } = await found();
  const ceremonyId = await startCeremony(chain, alliance, { kind: "generate", threshold, custodians: everybody.slice(0, count) });
  return sceneOf(chain, alliance, ceremonyId);
}

/** A resharing that has just started, of a key of two of three to the custodians named. */
export async function resharing(
  threshold: number,
  custodians: readonly TestCustodian[],
  version?: number,
): Promise<Scene & { held: HeldKey }> {
  const { chain, alliance } = await found(custodyModule, version);
  const held = await makeKey(chain, alliance, {
    custodians: everybody.slice(0, 3),
    threshold: 2,
  });
  const ceremonyId = await startCeremony(chain, alliance, { kind: "reshare", threshold, custodians });
  return { ...sceneOf(chain, alliance, ceremonyId, held.shares), held };
}

/** Everybody in the list deals. */
export async function dealAll({ chain, deal }: Scene, dealers: readonly number[]): Promise<void> {
  for (const dealer of dealers) await expectDone(chain.run(custodian(dealer), deal(dealer)));
}

export const confirm = ({ ceremonyId }: Scene): Message => ({
  type: "custody.confirm",
  value: { ceremonyId },
});
export const complain = ({ ceremonyId }: Scene, dealer: number): Message => ({
  type: "custody.complain",
  value: { ceremonyId, dealer },
});
export const justify = ({ ceremonyId }: Scene, receiver: number, share: bigint): Message => ({
  type: "custody.justify",
  value: { ceremonyId, receiver, share: scalarHex(share) },
});

export async function confirmAll(scene: Scene, receivers: readonly number[]): Promise<void> {
  for (const receiver of receivers) await expectDone(scene.chain.run(custodian(receiver), confirm(scene)));
}

/** Lets a window pass; returns what happened by itself. */
export async function passWindow({ chain }: Scene): Promise<readonly string[]> {
  return (await chain.advance(WINDOW_MS)).events.map(({ type }) => type);
}

export const change = (message: Message, changes: object): Message => ({
  ...message,
  value: { ...(message.value as object), ...changes },
});
export const outcomeOf = ({ chain, ceremonyId }: Scene) => ceremonyOf(chain, ceremonyId).outcome;
export const secretSum = ({ polynomial }: Scene, dealers: readonly number[]) =>
  dealers.reduce((sum, dealer) => scalarField.add(sum, polynomial(dealer)[0]!), 0n);

/** The dealing with one commitment replaced. */
export function withCommitment(message: Message, at: number, point: string): Message {
  const { commitments } = message.value as { commitments: readonly string[] };
  return change(message, {
    commitments: commitments.map((commitment, index) => (index === at ? point : commitment)),
  });
}
