import { Type } from "typebox";
import { defineQuery } from "../../app/define-module.ts";
import { AccountId, Hash } from "../../schema/types.ts";
import { errors } from "./errors.ts";
import { Ceremony, CustodianReference, CustodianStatus, Dealing, Index, Justification, KeySet, Offer, Purpose, Running } from "./schema.ts";
import { ceremonies, dealings, justifications, keys, organisationOf, running, standingOffer } from "./state.ts";

/** Of ledger versions 1 and 2. */
export const firstQueries = [
  defineQuery({
    name: "custody.key",
    summary: "The collective key of a purpose, and its custodians with their public shares.",
    parameters: Type.Object({ purpose: Purpose }),
    result: KeySet,
    run(ctx, { purpose }) {
      const keySet = keys.get(ctx, purpose);
      if (!keySet) throw errors.NoKey({ purpose });
      return keySet;
    },
  }),
  defineQuery({
    name: "custody.running",
    summary: "The ceremony that is running for a purpose.",
    parameters: Type.Object({ purpose: Purpose }),
    result: Running,
    run(ctx, { purpose }) {
      const current = running.get(ctx, purpose);
      if (!current) throw errors.UnknownCeremony({ purpose });
      return current;
    },
  }),
  defineQuery({
    name: "custody.ceremony",
    summary: "A ceremony: who deals, who receives, what has been sent, how it ended.",
    parameters: Type.Object({ ceremonyId: Hash }),
    result: Ceremony,
    run(ctx, { ceremonyId }) {
      const ceremony = ceremonies.get(ctx, ceremonyId);
      if (!ceremony) throw errors.UnknownCeremony({ ceremonyId });
      return ceremony;
    },
  }),
  defineQuery({
    name: "custody.dealing",
    summary: "What a dealer has dealt: commitments and sealed shares.",
    parameters: Type.Object({ ceremonyId: Hash, dealer: Index }),
    result: Dealing,
    run(ctx, { ceremonyId, dealer }) {
      const dealing = dealings.get(ctx, ceremonyId, dealer);
      if (!dealing) throw errors.NotDealt({ ceremonyId, dealer });
      return dealing;
    },
  }),
  defineQuery({
    name: "custody.justification",
    summary: "The share with which a dealer answered a receiver's complaint.",
    parameters: Type.Object({
      ceremonyId: Hash,
      dealer: Index,
      receiver: Index,
    }),
    result: Justification,
    run(ctx, { ceremonyId, dealer, receiver }) {
      const justification = justifications.get(ctx, ceremonyId, dealer, receiver);
      if (!justification) throw errors.NoComplaint({ ceremonyId, dealer, receiver });
      return justification;
    },
  }),
];

export const queries = [
  ...firstQueries,
  defineQuery({
    name: "custody.offer",
    summary: "The sealing key that a custodian offers for the next ceremony, and of which organisation it is.",
    parameters: Type.Object({ account: AccountId }),
    result: Offer,
    run(ctx, { account }) {
      const offer = standingOffer(ctx, account);
      if (!offer) throw errors.KeyNotOffered({ account });
      return offer;
    },
  }),
  defineQuery({
    name: "custody.custodian",
    summary: "The organisation whose custodian receives, or has received, by a sealing key.",
    parameters: CustodianReference,
    result: CustodianStatus,
    run(ctx, { account, sealingKey }) {
      const organisation = organisationOf(ctx, { account, sealingKey });
      if (organisation === undefined) throw errors.KeyNotOffered({ account });
      return { organisation };
    },
  }),
];
