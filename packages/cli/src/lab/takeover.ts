import type { Validator } from "@galen/ledger/app/parameters";
import { stepTowards } from "@galen/ledger/modules/validators/guard";
import type { Candidate } from "@galen/ledger/modules/validators/policies/candidate";
import { targetSet } from "@galen/ledger/modules/validators/policies/target";
import type { Policy } from "@galen/ledger/modules/validators/settings";
import { DIFFICULTY, type LabOptions, type Participant, type PolicyKind, policyOf } from "./scenario.ts";

/** Prices in shares, assumptions all of them: only their order of size can be argued about. */
export const prices = {
  /** What it takes to have one more organisation admitted that obeys: a legal person, a history, the votes of two thirds. */
  organisation: 20_000,
  /** Shares on the market rise with what was bought; here they do not. */
  share: 1,
  /** A thousand hashes: work is rented by the epoch and is gone after it. */
  kilohash: 5_000,
} as const;

/** How an attacker who spends the same in every epoch comes to a third of the power. */
export interface Takeover {
  /** Undefined: not within the time that was tried. */
  readonly epochs: number | undefined;
  readonly cost: number;
  readonly organisations: number;
}

const MAX_EPOCHS = 1_000;

interface Attack {
  money: number;
  spent: number;
  organisations: number;
  stake: number;
  /** Solutions by epoch, over the window. */
  readonly solutions: number[];
}

/** Epochs and money until attackers have a third of the power; policies and guard are those of the ledger, everybody else goes on as before. */
export function takeOver(kind: PolicyKind, options: LabOptions, participants: readonly Participant[]): Takeover {
  const policy = policyOf(kind, options);
  const attack: Attack = { money: 0, spent: 0, organisations: 0, stake: 0, solutions: [] };
  const honest = participants.map((participant, at) => honestCandidate(participant, at, policy));
  let set: readonly Validator[] = targetSet(policy, honest, MAX_EPOCHS);
  for (let epoch = 1; epoch <= MAX_EPOCHS; epoch++) {
    attack.money += options.budget;
    spend(attack, policy, participants);
    const step = stepTowards(set, targetSet(policy, [...honest, ...puppets(attack, policy)], MAX_EPOCHS), 1);
    if (step.kind === "changed") set = step.validators;
    if (hasThird(set)) return { epochs: epoch, cost: Math.round(attack.spent), organisations: attack.organisations };
  }
  return { epochs: undefined, cost: Math.round(attack.spent), organisations: attack.organisations };
}

const puppetKey = (at: number) => `ff${at.toString(16).padStart(62, "0")}`;

function hasThird(set: readonly Validator[]): boolean {
  const total = set.reduce((sum, { power }) => sum + power, 0);
  return set.filter(({ publicKey }) => publicKey.startsWith("ff")).reduce((sum, { power }) => sum + power, 0) * 3 >= total;
}

function honestCandidate({ stake, delegated, hashesPerEpoch }: Participant, at: number, policy: Policy): Candidate {
  const window = policy.kind === "work" ? policy.windowEpochs : 0;
  const key = at.toString(16).padStart(64, "0");
  const solutions = Math.round((window * hashesPerEpoch) / DIFFICULTY);
  return { organisation: key, publicKey: key, ownStake: stake, totalStake: stake + delegated, solutions, isFounder: false };
}

/** Organisations first, as many as the policy needs; then what gives them power. */
function spend(attack: Attack, policy: Policy, participants: readonly Participant[]): void {
  const wanted = organisationsNeeded(policy, participants.length);
  while (attack.organisations < wanted && attack.money >= prices.organisation) {
    pay(attack, prices.organisation);
    attack.organisations += 1;
  }
  if (attack.organisations < wanted) return;
  if (policy.kind === "work") {
    const hashes = (attack.money / prices.kilohash) * 1_000;
    pay(attack, attack.money);
    attack.solutions.push(hashes / DIFFICULTY);
    if (attack.solutions.length > policy.windowEpochs) attack.solutions.shift();
  } else if (policy.kind !== "equal") {
    const shares = Math.floor(attack.money / prices.share);
    pay(attack, shares * prices.share);
    attack.stake += shares;
  }
}

function pay(attack: Attack, amount: number): void {
  attack.money -= amount;
  attack.spent += amount;
}

function organisationsNeeded(policy: Policy, nodes: number): number {
  if (policy.kind === "equal") return Math.ceil(nodes / 2);
  return policy.kind === "delegated" && policy.power === "equal" ? Math.ceil(policy.seats / 3) : 1;
}

function puppets(attack: Attack, policy: Policy): Candidate[] {
  const { organisations } = attack;
  const stake = Math.floor(attack.stake / Math.max(1, organisations));
  const solutions = policy.kind === "work" ? Math.round(attack.solutions.reduce((sum, one) => sum + one, 0)) : 0;
  return Array.from({ length: organisations }, (_, at) => ({
    ...{ organisation: puppetKey(at), publicKey: puppetKey(at), ownStake: stake, totalStake: stake },
    solutions: at === 0 ? solutions : 0,
    isFounder: false,
  }));
}
