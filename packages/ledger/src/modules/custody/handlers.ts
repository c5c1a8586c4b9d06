import type { Static } from "typebox";
import type { Context } from "../../app/context.ts";
import { derivedId } from "../../app/derived-id.ts";
import { dealingContext } from "../../crypto/dealing-statement.ts";
import { requireHexBytes } from "../../crypto/hex.ts";
import { verifyShare } from "../../crypto/polynomial-commitments.ts";
import { isX25519PublicKey } from "../../crypto/public-key.ts";
import { verifyPossession } from "../../crypto/schnorr-proof.ts";
import { requireAccount } from "../accounts/index.ts";
import { requireDecision } from "../governance/index.ts";
import { speakingKey } from "../validators/index.ts";
import { isDisqualified, type Phase, phaseOf } from "./ceremony.ts";
import { concludeIfDue } from "./conclude.ts";
import { errors } from "./errors.ts";
import { ceremonyStarted, complained, confirmed, dealt, justified, keyOffered } from "./events.ts";
import { offerProofBytes } from "./proofs.ts";
import type { Ceremony, Complain, Confirm, Deal, Dealer, Dealing, Justify, KeySet, OfferKey, StartCeremony } from "./schema.ts";
import { ceremonies, dealings, justifications, keys, offers, running, standingOffer, usedKeys } from "./state.ts";

/** `custody.startCeremony` of ledger versions 1 and 2: the alliance decides who shall hold the key, and names sealing keys on its own word. */
export function startCeremony(ctx: Context, message: Static<typeof StartCeremony>): void {
  const current = requireStart(ctx, message);
  const used = new Set(current?.custodians.map(({ sealingKey }) => sealingKey));
  const reused = message.custodians.find(({ sealingKey }) => used.has(sealingKey));
  if (reused) throw errors.SealingKeyReused({ account: reused.account });

  begin(ctx, message, current);
}

/** `custody.startCeremony`: the alliance decides who shall hold the key. Each is the custodian of another organisation, and has offered its sealing key, which serves no more. */
export function startCeremonyOnOffers(ctx: Context, message: Static<typeof StartCeremony>): void {
  const current = requireStart(ctx, message);
  const { custodians } = message;
  const foreign = custodians.find(({ account, sealingKey }) => standingOffer(ctx, account)?.sealingKey !== sealingKey);
  if (foreign) throw errors.KeyNotOffered({ account: foreign.account });
  const organisations = custodians.map(({ account }) => offers.get(ctx, account)!.organisation);
  if (new Set(organisations).size !== organisations.length) throw errors.RepeatedOrganisation();
  // Somebody may have offered the key of another before that one's ceremony.
  const reused = custodians.find(({ sealingKey }) => usedKeys.has(ctx, sealingKey));
  if (reused) throw errors.SealingKeyReused({ account: reused.account });

  const ceremonyId = begin(ctx, message, current);
  for (const [position, { account, sealingKey }] of custodians.entries()) {
    offers.delete(ctx, account);
    usedKeys.set(ctx, sealingKey, { ceremonyId, account, organisation: organisations[position]! });
  }
}

/** `custody.offerKey`: the custodian of an organisation, for which its node vouches, names the key to which its share of the next ceremony is to be sealed. */
export function offerKey(ctx: Context, { organisation, sealingKey, proof }: Static<typeof OfferKey>): void {
  const account = ctx.signer;
  if (!isX25519PublicKey(requireHexBytes(sealingKey, 32))) throw errors.BadSealingKey({ account });
  const nodeKey = speakingKey(ctx, organisation);
  if (nodeKey === undefined) throw errors.NoNode({ organisation });
  const statement = offerProofBytes(ctx.chainId, { organisation, account, sealingKey });
  if (!ctx.crypto.verifyEd25519(requireHexBytes(nodeKey, 32), statement, requireHexBytes(proof, 64))) throw errors.BadNodeProof();
  if (usedKeys.has(ctx, sealingKey)) throw errors.SealingKeyReused({ account });
  const present = standingOffer(ctx, account);
  if (present?.sealingKey === sealingKey && present.organisation === organisation) throw errors.AlreadyOffered({ account });

  offers.set(ctx, account, { sealingKey, organisation, nodeKey });
  ctx.emit(keyOffered({ account, sealingKey, organisation }));
}

/** Refuses what no version starts. Returns the key in force. */
function requireStart(ctx: Context, { purpose, kind, threshold, custodians }: Static<typeof StartCeremony>): KeySet | undefined {
  requireDecision(ctx);
  const current = keys.get(ctx, purpose);
  if (running.has(ctx, purpose)) throw errors.CeremonyRunning({ purpose });
  if (kind === "generate" && current) throw errors.KeyExists({ purpose });
  if (kind === "reshare" && !current) throw errors.NoKey({ purpose });
  if (threshold > custodians.length) throw errors.ThresholdTooHigh({ threshold, custodians: custodians.length });
  for (const { account } of custodians) requireAccount(ctx, account);
  for (const list of [custodians.map(({ account }) => account), custodians.map(({ sealingKey }) => sealingKey)]) {
    if (new Set(list).size !== list.length) throw errors.RepeatedCustodian();
  }
  return current;
}

/** Writes the ceremony down and returns its id. */
function begin(ctx: Context, message: Static<typeof StartCeremony>, current: KeySet | undefined): string {
  const { purpose, kind, threshold, custodians, windowMs } = message;
  const ceremonyId = derivedId(ctx);
  const dealers: Dealer[] =
    current?.custodians.map(({ account, index, publicShare }) => ({
      account,
      index,
      publicShare,
    })) ??
    custodians.map(({ account }, position) => ({
      account,
      index: position + 1,
    }));
  const plan = {
    purpose,
    kind,
    threshold,
    dealers,
    receivers: custodians,
    dealUntil: ctx.time + windowMs,
    complainUntil: ctx.time + 2 * windowMs,
    justifyUntil: ctx.time + 3 * windowMs,
  };
  const dealersNeeded = current?.threshold ?? threshold;
  ceremonies.set(ctx, ceremonyId, {
    ...plan,
    dealersNeeded,
    dealt: [],
    confirmed: [],
    complaints: [],
    outcome: { kind: "running" },
  });
  running.set(ctx, purpose, { ceremonyId });
  ctx.emit(ceremonyStarted({ ceremonyId, ...plan }));
  return ceremonyId;
}

/** `custody.deal`: a dealer publishes its polynomial's commitments and a sealed share for every receiver. */
export function deal(ctx: Context, message: Static<typeof Deal>): void {
  const { ceremonyId, commitments, sealedShares } = message;
  const ceremony = requireCeremony(ctx, ceremonyId, ["dealing"]);
  const dealer = requireDealer(ctx, ceremony);
  if (ceremony.dealt.includes(dealer.index)) throw errors.AlreadyDealt({ ceremonyId, dealer: dealer.index });
  requireGoodDealing(ctx, message, { ceremony, dealer });

  dealings.set(ctx, ceremonyId, dealer.index, { commitments, sealedShares });
  ceremonies.set(ctx, ceremonyId, {
    ...ceremony,
    dealt: [...ceremony.dealt, dealer.index],
  });
  ctx.emit(dealt({ ceremonyId, dealer: dealer.index }));
}

/** `custody.complain`: a receiver states that a dealer's share for it is missing, does not open or is wrong. */
export function complain(ctx: Context, { ceremonyId, dealer }: Static<typeof Complain>): void {
  const ceremony = requireCeremony(ctx, ceremonyId, ["complaining"]);
  const receiver = requireReceiver(ctx, ceremony);
  if (!ceremony.dealt.includes(dealer)) throw errors.NotDealt({ ceremonyId, dealer });
  if (ceremony.confirmed.includes(receiver)) throw errors.AlreadyConfirmed({ ceremonyId, receiver });
  if (ceremony.complaints.some((one) => one.dealer === dealer && one.receiver === receiver)) {
    throw errors.AlreadyComplained({ ceremonyId, dealer, receiver });
  }

  ceremonies.set(ctx, ceremonyId, {
    ...ceremony,
    complaints: [...ceremony.complaints, { dealer, receiver, answered: false }],
  });
  ctx.emit(complained({ ceremonyId, dealer, receiver }));
}

/** `custody.justify`: the dealer answers a complaint with the receiver's share in the open. */
export function justify(ctx: Context, { ceremonyId, receiver, share }: Static<typeof Justify>): void {
  const ceremony = requireCeremony(ctx, ceremonyId, ["justifying"]);
  const dealer = requireDealer(ctx, ceremony).index;
  const dealing = dealings.get(ctx, ceremonyId, dealer);
  if (!dealing) throw errors.NotDealt({ ceremonyId, dealer });
  const isMeant = (one: Ceremony["complaints"][number]) => one.dealer === dealer && one.receiver === receiver;
  if (!ceremony.complaints.some((one) => isMeant(one) && !one.answered)) throw errors.NoComplaint({ ceremonyId, dealer, receiver });
  if (isDisqualified(ceremony, dealer)) throw errors.Disqualified({ ceremonyId, dealer });
  if (!isTrueShare(ctx, dealing, { receiver, share })) throw errors.WrongShare({ ceremonyId, dealer, receiver });

  const answered = ceremony.complaints.map((one) => (isMeant(one) ? { ...one, answered: true } : one));
  justifications.set(ctx, ceremonyId, dealer, receiver, { share });
  ceremonies.set(ctx, ceremonyId, { ...ceremony, complaints: answered });
  ctx.emit(justified({ ceremonyId, dealer, receiver, share }));
  concludeIfDue(ctx, ceremonyId, { ...ceremony, complaints: answered });
}

/** `custody.confirm`: a receiver states that it holds good shares of all who dealt. */
export function confirm(ctx: Context, { ceremonyId }: Static<typeof Confirm>): void {
  const ceremony = requireCeremony(ctx, ceremonyId, ["complaining", "justifying"]);
  const receiver = requireReceiver(ctx, ceremony);
  if (ceremony.confirmed.includes(receiver)) throw errors.AlreadyConfirmed({ ceremonyId, receiver });
  if (ceremony.complaints.some((one) => one.receiver === receiver)) throw errors.AlreadyComplained({ ceremonyId, receiver });

  const next = { ...ceremony, confirmed: [...ceremony.confirmed, receiver] };
  ceremonies.set(ctx, ceremonyId, next);
  ctx.emit(confirmed({ ceremonyId, receiver }));
  concludeIfDue(ctx, ceremonyId, next);
}

function requireCeremony(ctx: Context, ceremonyId: string, phases: readonly Phase[]): Ceremony {
  const ceremony = ceremonies.get(ctx, ceremonyId);
  if (!ceremony) throw errors.UnknownCeremony({ ceremonyId });
  const phase = phaseOf(ceremony, ctx.time);
  if (!phases.includes(phase)) throw errors.WrongPhase({ ceremonyId, phase });
  return ceremony;
}

function requireDealer(ctx: Context, { dealers }: Ceremony): Dealer {
  const dealer = dealers.find(({ account }) => account === ctx.signer);
  if (!dealer) throw errors.NotDealer({ account: ctx.signer });
  return dealer;
}

function requireReceiver(ctx: Context, { receivers }: Ceremony): number {
  const position = receivers.findIndex(({ account }) => account === ctx.signer);
  if (position < 0) throw errors.NotReceiver({ account: ctx.signer });
  return position + 1;
}

function requireGoodDealing(ctx: Context, message: Static<typeof Deal>, round: { ceremony: Ceremony; dealer: Dealer }): void {
  const { ceremonyId, sealedShares } = message;
  const { ceremony, dealer } = round;
  if (message.commitments.length !== ceremony.threshold || sealedShares.length !== ceremony.receivers.length) {
    throw errors.WrongCount({
      threshold: ceremony.threshold,
      receivers: ceremony.receivers.length,
    });
  }
  // The constant term carries the share of the key that exists; without this a dealer could move X.
  if (dealer.publicShare && message.commitments[0] !== dealer.publicShare) throw errors.ForeignConstantTerm({ dealer: dealer.index });
  const commitments = message.commitments.map((point) => requireHexBytes(point, 32));
  if (!commitments.every(ctx.crypto.ristretto255.isPoint)) throw errors.BadCommitments({ dealer: dealer.index });
  const context = dealingContext(ctx.crypto, {
    chainId: ctx.chainId,
    roundId: ceremonyId,
    dealer: dealer.index,
  });
  const proof = requireHexBytes(message.proof, 64);
  if (
    !verifyPossession({
      points: commitments.slice(0, 1),
      context,
      proof,
      crypto: ctx.crypto,
    })
  ) {
    throw errors.UnprovenConstantTerm({ dealer: dealer.index });
  }
}

function isTrueShare({ crypto }: Context, { commitments }: Dealing, { receiver, share }: { receiver: number; share: string }): boolean {
  const points = commitments.map((point) => requireHexBytes(point, 32));
  return verifyShare({
    commitments: points,
    index: receiver,
    share: requireHexBytes(share, 32),
    crypto,
  });
}
