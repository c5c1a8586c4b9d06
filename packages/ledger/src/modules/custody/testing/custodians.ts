import { dealingContext } from "../../../crypto/dealing-statement.ts";
import { requireScalar, scalarField, scalarFromUniform, scalarToBytes } from "../../../crypto/group.ts";
import { bytesToHex, hexToBytes, requireHexBytes } from "../../../crypto/hex.ts";
import { lagrangeFactors, verifyShare } from "../../../crypto/polynomial-commitments.ts";
import { portableCrypto as crypto } from "../../../crypto/portable.ts";
import { provePossession } from "../../../crypto/schnorr-proof.ts";
import { expectDone, type TestAccount, testAccount } from "../../../testing/actors.ts";
import { signWith, type TestActor, type TestChain, type TestKey, testBytes } from "../../../testing/chain.ts";
import type { Message } from "../../../tx/transaction.ts";
import { keyMessage, type TestOperator, testOperator } from "../../validators/testing/scene.ts";
import { offerProofBytes } from "../proofs.ts";
import type { Ceremony, KeySet } from "../schema.ts";
import { ceremonies, dealings, justifications, keys } from "../state.ts";

/** A key set with its secret shares, by index: everything that all custodians together know. */
export interface HeldKey {
  readonly keySet: KeySet;
  readonly shares: ReadonlyMap<number, bigint>;
}

/** A custodian, and the organisation whose node vouches for it. */
export interface TestCustodian extends TestAccount {
  readonly house: Pick<TestOperator, "account" | "nodeKey">;
}

/** A custodian of this name; by default of a house of its own. */
export function testCustodian(name: string, house: TestCustodian["house"] = houseOf(name)): TestCustodian {
  return { ...testAccount(name), house };
}

/** The organisation of which nobody but the custodian of this name is. */
export function houseOf(name: string): TestOperator {
  return testOperator(`house of ${name}`);
}

/** Lets organisations into the alliance, each with its node. Returns all members, who decide together from then on. */
export async function seatHouses(
  chain: TestChain,
  members: readonly TestAccount[],
  houses: readonly TestOperator[],
): Promise<readonly TestAccount[]> {
  const alliance = [...members];
  for (const house of houses) {
    await expectDone(chain.run(house, house.create));
    const admission = { type: "governance.admitMember", value: { organisation: house.account } };
    await expectDone(chain.run([...alliance, house], admission, keyMessage("register", house)));
    alliance.push(house);
  }
  return alliance;
}

/** A polynomial, constant term first: the secret of one dealer in one ceremony. */
export type Polynomial = readonly bigint[];

/** A scalar other than zero that belongs to a name. */
export function testScalar(name: string): bigint {
  return scalarFromUniform(requireHexBytes(testBytes(name, 64), 64));
}

/** A polynomial of `threshold` terms that belongs to a name; in a resharing `constantTerm` is the dealer's share. */
export function testPolynomial(name: string, threshold: number, constantTerm?: bigint): Polynomial {
  const terms = Array.from({ length: threshold }, (_, power) => testScalar(`${name}/${power}`));
  return constantTerm === undefined ? terms : [constantTerm, ...terms.slice(1)];
}

/** f(index). */
export function shareOf(polynomial: Polynomial, index: number): bigint {
  return polynomial.reduceRight((sum, term) => scalarField.add(scalarField.mul(sum, BigInt(index)), term), 0n);
}

export function scalarHex(scalar: bigint): string {
  return bytesToHex(scalarToBytes(scalar));
}

/** scalar · G, hex. */
export function pointHex(scalar: bigint): string {
  return bytesToHex(crypto.ristretto255.multiplyBase(scalarToBytes(scalar)));
}

/**
 * A share as it stands on the ledger. Sealing it is the custodians' matter, to the ledger it is 80 bytes; here the box is of glass, so that tests
 * can read what a receiver would.
 */
export function glassBox(share: bigint): string {
  return scalarHex(share).padEnd(160, "0");
}

/** The message of a dealer; `shares` replaces what single receivers get. */
export function dealMessage(options: {
  readonly chainId: string;
  readonly ceremonyId: string;
  readonly dealer: number;
  readonly polynomial: Polynomial;
  readonly receivers: number;
  readonly shares?: Readonly<Record<number, bigint>>;
}): Message & { readonly value: Readonly<Record<string, unknown>> } {
  const { chainId, ceremonyId, dealer, polynomial, receivers, shares = {} } = options;
  const commitments = polynomial.map(pointHex);
  const proof = provePossession({
    points: [hexToBytes(commitments[0]!)!],
    secrets: [scalarToBytes(polynomial[0]!)],
    context: dealingContext(crypto, { chainId, roundId: ceremonyId, dealer }),
    randomness: requireHexBytes(testBytes(`${ceremonyId}/${dealer}`), 32),
    crypto,
  });
  const sealedShares = Array.from({ length: receivers }, (_, at) => glassBox(shares[at + 1] ?? shareOf(polynomial, at + 1)));
  return {
    type: "custody.deal",
    value: { ceremonyId, commitments, proof: bytesToHex(proof), sealedShares },
  };
}

/** A ceremony for these custodians; their sealing keys are fresh in every `round`. */
export interface TestCeremony {
  readonly kind: "generate" | "reshare";
  readonly threshold: number;
  readonly custodians: readonly TestCustodian[];
  readonly round?: string;
  readonly windowMs?: number;
}

/** What a decision starts. */
export function startMessage(options: TestCeremony): Message {
  const { kind, threshold, custodians, round = kind, windowMs = 60_000 } = options;
  const receivers = custodians.map(({ account }) => ({
    account,
    sealingKey: testSealingKey(account, round),
  }));
  return {
    type: "custody.startCeremony",
    value: {
      purpose: "release",
      kind,
      threshold,
      custodians: receivers,
      windowMs,
    },
  };
}

/** The sealing key of an account in a round. */
export function testSealingKey(account: string, round: string): string {
  return testBytes(`${account}/${round}`);
}

/** `custody.offerKey` for a round. */
export function offerMessage(custodian: TestCustodian, round: string): Message {
  return offerOf(custodian, testSealingKey(custodian.account, round));
}

/** `custody.offerKey` of a sealing key; `signed` replaces what the node's signature is about, `key` the key that makes it. */
export function offerOf(
  { account, house }: TestCustodian,
  sealingKey: string,
  { key = house.nodeKey, ...signed }: Partial<Parameters<typeof offerProofBytes>[1]> & { chainId?: string; key?: TestKey } = {},
): Message {
  const statement = { organisation: house.account, account, sealingKey, ...signed };
  const proof = signWith(key, offerProofBytes(signed.chainId ?? "test-chain", statement)).signature;
  return { type: "custody.offerKey", value: { organisation: house.account, sealingKey, proof } };
}

/** Lets every custodian offer its key, where the chain's rules know offers. */
export async function offerKeys(chain: TestChain, { kind, custodians, round = kind }: TestCeremony): Promise<void> {
  if (!chain.ledger.version.messages.has("custody.offerKey")) return;
  for (const custodian of custodians) await expectDone(chain.run(custodian, offerMessage(custodian, round)));
}

/** Starts a ceremony by decision of `alliance`, after the custodians' offers, and returns its id. */
export async function startCeremony(chain: TestChain, alliance: TestActor | readonly TestActor[], ceremony: TestCeremony): Promise<string> {
  await offerKeys(chain, ceremony);
  const { events } = await expectDone(chain.run(alliance, startMessage(ceremony)));
  return events[0]!.data.ceremonyId as string;
}

/** The ceremony as the ledger has it. */
export function ceremonyOf(chain: TestChain, ceremonyId: string): Ceremony {
  return ceremonies.get(chain.ledger.read(), ceremonyId)!;
}

/** The key set in force. */
export function currentKey(chain: TestChain): KeySet | undefined {
  return keys.get(chain.ledger.read(), "release");
}

/**
 * The secret share of a receiver after a finished ceremony, from what stands on the ledger: its glass boxes, and shares shown in the open. Throws
 * unless every one of them passes the dealer's commitments.
 */
export function receivedShare(chain: TestChain, ceremonyId: string, receiver: number): bigint {
  const ctx = chain.ledger.read();
  const { outcome, kind } = ceremonyOf(chain, ceremonyId);
  if (outcome.kind !== "finished") throw new Error(`the ceremony is ${outcome.kind}`);
  const weights = kind === "reshare" ? lagrangeFactors(outcome.dealers) : outcome.dealers.map(() => 1n);
  return outcome.dealers.reduce((sum, dealer, position) => {
    const { commitments, sealedShares } = dealings.get(ctx, ceremonyId, dealer)!;
    const shown = justifications.get(ctx, ceremonyId, dealer, receiver)?.share ?? sealedShares[receiver - 1]!.slice(0, 64);
    const share = hexToBytes(shown)!;
    const points = commitments.map((point) => hexToBytes(point)!);
    if (!verifyShare({ commitments: points, index: receiver, share, crypto })) throw new Error(`the share of dealer ${dealer} is wrong`);
    return scalarField.add(sum, scalarField.mul(requireScalar(share), weights[position]!));
  }, 0n);
}

/** All shares of the key in force. */
export function heldKey(chain: TestChain): HeldKey {
  const keySet = currentKey(chain)!;
  return {
    keySet,
    shares: new Map(keySet.custodians.map(({ index }) => [index, receivedShare(chain, keySet.ceremonyId, index)])),
  };
}

/** Plays a ceremony in which everybody is honest and present: a key of `threshold` of the custodians. */
export async function makeKey(
  chain: TestChain,
  alliance: TestActor | readonly TestActor[],
  {
    custodians,
    threshold,
    from,
  }: {
    custodians: readonly TestCustodian[];
    threshold: number;
    from?: HeldKey & { dealers: readonly TestAccount[] };
  },
): Promise<HeldKey> {
  const kind = from ? "reshare" : "generate";
  const round = `${kind}/${chain.ledger.height}`;
  const ceremonyId = await startCeremony(chain, alliance, { kind, threshold, custodians, round });
  for (const { account, index } of ceremonyOf(chain, ceremonyId).dealers) {
    const actor = [...custodians, ...(from?.dealers ?? [])].find((one) => one.account === account)!;
    const polynomial = testPolynomial(`${ceremonyId}/${index}`, threshold, from?.shares.get(index));
    const message = dealMessage({
      chainId: chain.ledger.chainId,
      ceremonyId,
      dealer: index,
      polynomial,
      receivers: custodians.length,
    });
    await expectDone(chain.run(actor, message));
  }
  for (const custodian of custodians) await expectDone(chain.run(custodian, { type: "custody.confirm", value: { ceremonyId } }));
  return heldKey(chain);
}

/** The secret of the collective key from the shares of some custodians: what fewer than the threshold cannot compute. */
export function combineShares(shares: ReadonlyMap<number, bigint>, indexes: readonly number[]): bigint {
  const factors = lagrangeFactors(indexes);
  return indexes.reduce((sum, index, position) => scalarField.add(sum, scalarField.mul(shares.get(index)!, factors[position]!)), 0n);
}

/** scalar · point, hex. */
export function multiplyHex(point: string, scalar: bigint): string {
  return bytesToHex(crypto.ristretto255.multiply(hexToBytes(point)!, scalarToBytes(scalar)));
}
