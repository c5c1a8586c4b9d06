import fc from "fast-check";
import { scalarField } from "../../crypto/group.ts";
import { lagrangeFactors } from "../../crypto/polynomial-commitments.ts";
import { type Polynomial, shareOf, testPolynomial } from "./testing/custodians.ts";

/** Accounts that may become custodians, by number from 0; each has a house of the same number, whose node vouches for whom it likes. */
export const PEOPLE = 4;
export const WINDOW_MS = 60_000;

interface Offering {
  readonly kind: "offer";
  readonly who: number;
  readonly odd: boolean;
  /** The house in whose name: one's own, or the next one's. */
  readonly house: "own" | "next";
  /** Signed by another key than that of the house's node. */
  readonly forged: boolean;
}

/**
 * A transaction, or time that passes. `who` is a person, except for `start`; `odd` does it wrongly: deals wrong shares, shows a wrong share,
 * offers a key once more, reshares where there is nothing to reshare.
 */
export type Operation =
  | {
      readonly kind: "start";
      readonly threshold: number;
      readonly people: readonly number[];
      readonly odd: boolean;
      /** Does not wait until its people have offered keys. */
      readonly hasty: boolean;
    }
  | Offering
  /** The node of the house takes another key, once. */
  | { readonly kind: "rotate"; readonly who: number }
  | {
      readonly kind: "deal" | "confirm";
      readonly who: number;
      readonly odd: boolean;
    }
  | {
      readonly kind: "complain" | "justify";
      readonly who: number;
      readonly about: number;
      readonly odd: boolean;
    }
  | { readonly kind: "wait"; readonly windows: number };

const person = fc.nat({ max: PEOPLE - 1 });
const about = fc.integer({ min: 1, max: PEOPLE });
const odd = fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const people = fc.shuffledSubarray(
  Array.from({ length: PEOPLE }, (_, at) => at),
  { minLength: 3 },
);
const start = fc.record({
  kind: fc.constant("start" as const),
  threshold: fc.constantFrom(1, 2, 3, 3, 4),
  people,
  odd,
  hasty: fc.boolean(),
});
const offer: fc.Arbitrary<Offering> = fc.record({
  kind: fc.constant("offer"),
  who: person,
  odd: fc.boolean(),
  house: fc.constantFrom("own", "own", "next"),
  forged: odd,
});
/** Nodes of less than a third of the power replace their keys in one epoch: two of seven. */
const MAX_ROTATED = 2;
const rotate = fc.record({ kind: fc.constant("rotate" as const), who: person });
const deal = fc.record({ kind: fc.constant("deal" as const), who: person, odd });
const confirm = fc.record({ kind: fc.constant("confirm" as const), who: person, odd });
const complain = fc.record({ kind: fc.constant("complain" as const), who: person, about, odd });
const justify = fc.record({ kind: fc.constant("justify" as const), who: person, about, odd });
const wait = fc.constant({ kind: "wait" as const, windows: 1 });

/** What might be sent in each phase; from the model's phase the test takes the one that fits, and now and then another. */
export const choice = fc.record({
  none: fc.oneof({ weight: 8, arbitrary: start }, { weight: 5, arbitrary: offer }, { weight: 1, arbitrary: rotate }),
  dealing: fc.oneof({ weight: 8, arbitrary: deal }, { weight: 1, arbitrary: wait }),
  complaining: fc.oneof({ weight: 5, arbitrary: confirm }, { weight: 4, arbitrary: complain }, { weight: 2, arbitrary: wait }),
  justifying: fc.oneof({ weight: 9, arbitrary: justify }, { weight: 2, arbitrary: confirm }, { weight: 1, arbitrary: wait }),
  any: fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.oneof(start, offer, rotate, deal, confirm, complain, justify) },
  ),
});

/** The operations of a choice at block time `time`, in one block. Before a ceremony that is not hasty, its people offer the keys that are missing. */
export function operationsOf(model: Model, choice: Choice, time: number): readonly Operation[] {
  const { round, rotated } = model;
  const chosen = choice.any ?? choice[round ? phaseAt(round, time) : "none"];
  if (chosen.kind === "rotate" && (rotated.has(chosen.who) || rotated.size === MAX_ROTATED)) return [];
  if (chosen.kind !== "start" || chosen.hasty) return [chosen];
  const missing = chosen.people.filter((who) => !standingOffer(model, who));
  return [...missing.map((who) => ({ kind: "offer", who, odd: false, house: "own", forged: false }) as const), chosen];
}

export type Choice = typeof choice extends fc.Arbitrary<infer T> ? T : never;

interface Key {
  readonly secret: bigint;
  readonly epoch: number;
  readonly threshold: number;
  /** By index: who holds which share. */
  readonly holders: ReadonlyMap<number, { readonly who: number; readonly share: bigint }>;
}

interface Round {
  readonly number: number;
  readonly reshare: boolean;
  readonly threshold: number;
  readonly needed: number;
  readonly dealers: ReadonlyMap<number, number>;
  readonly receivers: readonly number[];
  readonly startedAt: number;
  readonly dealt: Map<number, Polynomial>;
  readonly confirmed: Set<number>;
  /** By dealer: the receivers who complained, and whether they were answered. */
  readonly complaints: Map<number, Map<number, boolean>>;
}

interface Offer {
  readonly key: number;
  readonly house: number;
  /** Whether the node that vouched had its second key. */
  readonly isRotated: boolean;
}

/** What the module must answer, with the secrets that nobody on the ledger knows: polynomials instead of commitments. */
export interface Model {
  rounds: number;
  /** How many keys have been offered; each is named by its number. */
  offered: number;
  /** By person: the key that stands for the next ceremony, and the last one that has served. */
  readonly offers: Map<number, Offer>;
  readonly used: Map<number, number>;
  /** Houses whose nodes have another key than at first. */
  readonly rotated: Set<number>;
  key: Key | undefined;
  round: Round | undefined;
}

export function createModel(): Model {
  return { rounds: 0, offered: 0, offers: new Map(), used: new Map(), rotated: new Set(), key: undefined, round: undefined };
}

/** The polynomial that a dealer deals in a round of the model. */
export function polynomialOf(model: Model, dealer: number): Polynomial {
  const { number, threshold, reshare } = model.round!;
  return testPolynomial(`round ${number} dealer ${dealer}`, threshold, reshare ? model.key!.holders.get(dealer)!.share : undefined);
}

/** Index of a person among the dealers or receivers of the running round. */
export function dealerIndex({ round }: Model, who: number): number | undefined {
  return [...(round?.dealers ?? [])].find(([, dealer]) => dealer === who)?.[0];
}

function receiverIndex({ receivers }: Round, who: number): number | undefined {
  return receivers.includes(who) ? receivers.indexOf(who) + 1 : undefined;
}

/** Executes the operation at block time `time`; answers the id of the refusal, undefined if it succeeds. */
export function apply(model: Model, operation: Operation, time: number): string | undefined {
  if (operation.kind === "wait") return undefined;
  if (operation.kind === "start") return begin(model, operation, time);
  if (operation.kind === "offer") return takeOffer(model, operation);
  if (operation.kind === "rotate") {
    model.rotated.add(operation.who);
    return undefined;
  }
  const { round } = model;
  if (!round) return model.rounds === 0 ? "custody/UnknownCeremony" : "custody/WrongPhase";
  const refusal = send(model, round, operation, time);
  if (refusal === undefined && (round.confirmed.size === round.receivers.length || isSettled(round, time))) conclude(model, round);
  return refusal && `custody/${refusal}`;
}

/** What happens by itself at the beginning of a block. */
export function passTime(model: Model, time: number): void {
  const { round } = model;
  if (!round) return;
  if (time >= round.startedAt + 3 * WINDOW_MS || isSettled(round, time)) conclude(model, round);
}

/** Whether the time for complaints is over, nothing waits for an answer, and everybody has looked, or too few have dealt for that to matter. */
function isSettled(round: Round, time: number): boolean {
  if (time < round.startedAt + 2 * WINDOW_MS || openComplaints(round) > 0) return false;
  return readyCount(round) === round.receivers.length || countedDealers(round).length < round.needed;
}

function readyCount({ confirmed, complaints }: Round): number {
  return new Set([...confirmed, ...[...complaints.values()].flatMap((by) => [...by.keys()])]).size;
}

/** The key that a person offers: a fresh one, or, done wrongly, the one that stands or served last. */
export function keyToOffer({ offered, offers, used }: Model, { who, odd }: { readonly who: number; readonly odd: boolean }): number {
  return (odd ? (offers.get(who)?.key ?? used.get(who)) : undefined) ?? offered + 1;
}

/** The house in whose name a person offers. */
export function houseOfOffer({ who, house }: Pick<Offering, "who" | "house">): number {
  return house === "own" ? who : (who + 1) % PEOPLE;
}

/** What a person offers, unless the house that vouched for it has another key since. */
function standingOffer({ offers, rotated }: Model, who: number): Offer | undefined {
  const offer = offers.get(who);
  return offer && offer.isRotated === rotated.has(offer.house) ? offer : undefined;
}

function takeOffer(model: Model, operation: Offering): string | undefined {
  const { who, forged } = operation;
  const [key, house, standing] = [keyToOffer(model, operation), houseOfOffer(operation), standingOffer(model, who)];
  if (forged) return "custody/BadNodeProof";
  if (key === model.used.get(who)) return "custody/SealingKeyReused";
  if (key === standing?.key && house === standing.house) return "custody/AlreadyOffered";
  model.offered += 1;
  model.offers.set(who, { key, house, isRotated: model.rotated.has(house) });
  return undefined;
}

function begin(model: Model, { threshold, people, odd }: Operation & { kind: "start" }, time: number): string | undefined {
  const reshare = (model.key !== undefined) !== odd;
  if (model.round) return "custody/CeremonyRunning";
  if (reshare && !model.key) return "custody/NoKey";
  if (!reshare && model.key) return "custody/KeyExists";
  if (threshold > people.length) return "custody/ThresholdTooHigh";
  if (people.some((who) => !standingOffer(model, who))) return "custody/KeyNotOffered";
  if (new Set(people.map((who) => model.offers.get(who)!.house)).size < people.length) return "custody/RepeatedOrganisation";
  for (const who of people) {
    model.used.set(who, model.offers.get(who)!.key);
    model.offers.delete(who);
  }
  const holders = [...(model.key?.holders ?? [])].map(([index, { who }]) => [index, who] as const);
  model.rounds += 1;
  model.round = {
    number: model.rounds,
    reshare,
    threshold,
    needed: model.key?.threshold ?? threshold,
    dealers: new Map(reshare ? holders : people.map((who, at) => [at + 1, who])),
    receivers: people,
    startedAt: time,
    dealt: new Map(),
    confirmed: new Set(),
    complaints: new Map(),
  };
  return undefined;
}

type Sent = Exclude<Operation, { kind: "start" | "offer" | "rotate" | "wait" }>;

/** The phase of a running round; the block's own conclusions come before. */
function phaseAt(round: Round, time: number): "dealing" | "complaining" | "justifying" {
  const windows = Math.floor((time - round.startedAt) / WINDOW_MS);
  if (windows >= 2) return "justifying";
  return windows === 0 && round.dealt.size < round.dealers.size ? "dealing" : "complaining";
}

function send(model: Model, round: Round, operation: Sent, time: number): string | undefined {
  const phase = phaseAt(round, time);
  const dealer = dealerIndex(model, operation.who);
  const receiver = receiverIndex(round, operation.who);
  switch (operation.kind) {
    case "deal":
      if (phase !== "dealing") return "WrongPhase";
      if (dealer === undefined) return "NotDealer";
      if (round.dealt.has(dealer)) return "AlreadyDealt";
      round.dealt.set(dealer, polynomialOf(model, dealer));
      return undefined;
    case "complain":
      if (phase !== "complaining") return "WrongPhase";
      if (receiver === undefined) return "NotReceiver";
      if (!round.dealt.has(operation.about)) return "NotDealt";
      if (round.confirmed.has(receiver)) return "AlreadyConfirmed";
      if (round.complaints.get(operation.about)?.has(receiver)) return "AlreadyComplained";
      round.complaints.set(operation.about, (round.complaints.get(operation.about) ?? new Map()).set(receiver, false));
      return undefined;
    case "confirm":
      if (phase === "dealing") return "WrongPhase";
      if (receiver === undefined) return "NotReceiver";
      if (round.confirmed.has(receiver)) return "AlreadyConfirmed";
      if ([...round.complaints.values()].some((by) => by.has(receiver))) return "AlreadyComplained";
      round.confirmed.add(receiver);
      return undefined;
    case "justify": {
      if (phase !== "justifying") return "WrongPhase";
      if (dealer === undefined) return "NotDealer";
      if (!round.dealt.has(dealer)) return "NotDealt";
      const complaints = round.complaints.get(dealer);
      if (complaints?.get(operation.about) !== false) return "NoComplaint";
      if (complaints.size >= round.threshold) return "Disqualified";
      if (operation.odd) return "WrongShare";
      complaints.set(operation.about, true);
      return undefined;
    }
  }
}

function openComplaints({ complaints, threshold }: Round): number {
  return [...complaints.values()].filter((by) => by.size < threshold && [...by.values()].includes(false)).length;
}

/** The dealers whose polynomials count: those with fewer than k complaints, all of them answered. */
function countedDealers({ dealt, complaints, threshold }: Round): number[] {
  const isGood = (dealer: number) => {
    const by = complaints.get(dealer) ?? new Map<number, boolean>();
    return by.size < threshold && ![...by.values()].includes(false);
  };
  return [...dealt.keys()].filter(isGood).toSorted((a, b) => a - b);
}

function conclude(model: Model, round: Round): void {
  model.round = undefined;
  const dealers = countedDealers(round);
  if (dealers.length < round.needed || readyCount(round) < round.receivers.length) return;
  const weights = round.reshare ? lagrangeFactors(dealers) : dealers.map(() => 1n);
  const jointAt = (x: number) =>
    dealers.reduce((sum, dealer, at) => scalarField.add(sum, scalarField.mul(shareOf(round.dealt.get(dealer)!, x), weights[at]!)), 0n);
  const holders = new Map(round.receivers.map((who, at) => [at + 1, { who, share: jointAt(at + 1) }]));
  model.key = {
    secret: jointAt(0),
    epoch: (model.key?.epoch ?? 0) + 1,
    threshold: round.threshold,
    holders,
  };
}
