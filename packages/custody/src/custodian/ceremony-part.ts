import type { ReadContext } from "@galen/ledger/app/context";
import { dealingContext } from "@galen/ledger/crypto/dealing-statement";
import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import { lagrangeFactors, verifyShare } from "@galen/ledger/crypto/polynomial-commitments";
import type { Ceremony } from "@galen/ledger/modules/custody/schema";
import { dealings, justifications } from "@galen/ledger/modules/custody/state";
import { deal } from "../threshold/deal.ts";
import { jointShare } from "../threshold/joint-share.ts";
import type { CustodianState, OwnDealing } from "./custodian-state.ts";
import { type SealingScheme, shareBinding } from "./sealing.ts";

/** One custodian's view of one ceremony. */
export interface CeremonyPart {
  readonly ctx: ReadContext;
  readonly ceremonyId: string;
  readonly ceremony: Ceremony;
  readonly account: string;
  readonly sealing: SealingScheme;
  readonly random: (length: number) => Uint8Array;
}

/** Place of the account among the dealers, undefined if it deals not. */
export function dealerIndex({ ceremony, account }: CeremonyPart): number | undefined {
  return ceremony.dealers.find((dealer) => dealer.account === account)?.index;
}

/** Place of the account among the receivers, from 1. */
export function receiverIndex({ ceremony, account }: CeremonyPart): number | undefined {
  const position = ceremony.receivers.findIndex((receiver) => receiver.account === account);
  return position < 0 ? undefined : position + 1;
}

/**
 * Whether shares for this custodian are to be sealed to its own key, if it receives any. Who decided on the ceremony saw accounts: a proposer who put keys of
 * their own beside them would open what honest dealers seal.
 */
export function namesOwnKey({ ceremony, account }: CeremonyPart, { sealingKey }: CustodianState): boolean {
  const own = ceremony.receivers.find((receiver) => receiver.account === account);
  return own === undefined || own.sealingKey === bytesToHex(sealingKey.publicKey);
}

/** Makes a dealing for all receivers; in a resharing of the share that is held. */
export async function makeDealing(part: CeremonyPart, dealer: number, held: CustodianState["held"]): Promise<OwnDealing> {
  const { ctx, ceremonyId, ceremony, sealing, random } = part;
  const participants = ceremony.receivers.map((_, position) => position + 1);
  const context = dealingContext(ctx.crypto, { chainId: ctx.chainId, roundId: ceremonyId, dealer });
  const constantTerm = ceremony.kind === "reshare" && held ? { constantTerm: held.share } : {};
  const dealt = deal({ threshold: ceremony.threshold, participants, context, ...constantTerm, random, crypto: ctx.crypto });
  const shares = participants.map((receiver) => dealt.shares.get(receiver)!);
  const sealedShares = await Promise.all(
    ceremony.receivers.map(({ sealingKey }, position) => {
      const binding = shareBinding({ ceremonyId, dealer, receiver: position + 1 });
      return sealing.seal(requireHexBytes(sealingKey, 32), shares[position]!, binding);
    }),
  );
  return { ceremonyId, commitments: dealt.commitments, proof: dealt.proof, sealedShares, shares };
}

/** The share that `dealer` has for this receiver: sealed or shown in the open. Undefined if it does not open or is not the true one. */
export async function shareFrom(part: CeremonyPart, dealer: number, state: CustodianState): Promise<Uint8Array | undefined> {
  const { ctx, ceremonyId, sealing } = part;
  const receiver = receiverIndex(part)!;
  const shown = justifications.get(ctx, ceremonyId, dealer, receiver);
  if (shown) return requireHexBytes(shown.share, 32);

  const { commitments, sealedShares } = dealings.get(ctx, ceremonyId, dealer)!;
  const sealed = requireHexBytes(sealedShares[receiver - 1]!, sealedShares[receiver - 1]!.length / 2);
  const share = await sealing.open(state.sealingKey, sealed, shareBinding({ ceremonyId, dealer, receiver }));
  const points = commitments.map((point) => requireHexBytes(point, 32));
  return share && verifyShare({ commitments: points, index: receiver, share, crypto: ctx.crypto }) ? share : undefined;
}

/** This receiver's share of the finished ceremony's key, with the point behind it; undefined if a qualified dealer's share is missing. */
export async function finishedShare(part: CeremonyPart, state: CustodianState): Promise<{ share: Uint8Array; point: string } | undefined> {
  const { ctx, ceremony } = part;
  if (ceremony.outcome.kind !== "finished") return undefined;
  const { dealers } = ceremony.outcome;
  const weights = ceremony.kind === "reshare" ? lagrangeFactors(dealers) : dealers.map(() => 1n);
  const weighted: { share: Uint8Array; weight: bigint }[] = [];
  for (const [position, dealer] of dealers.entries()) {
    const share = await shareFrom(part, dealer, state);
    if (!share) return undefined;
    weighted.push({ share, weight: weights[position]! });
  }
  const share = jointShare(weighted);
  return { share, point: bytesToHex(ctx.crypto.ristretto255.multiplyBase(share)) };
}
