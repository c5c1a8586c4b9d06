import { accounts, members } from "@galen/ledger/modules/accounts/state";
import { members as alliance } from "@galen/ledger/modules/governance/state";
import { AccountId } from "@galen/ledger/schema/types";
import { es256KeyOf } from "@galen/sdk/keys/es256-key";
import { cardKeyOf } from "@galen/sdk/organisations/card-signer";
import { CardKeysAnswer } from "../answers.ts";
import { errors } from "../api-error.ts";
import { required } from "../fields.ts";
import { defineRoute } from "../route.ts";

/** How long a verifier may believe an answer: an appointment can be ended. */
const SECONDS = 300;

/**
 * Where SMART Health Cards have verifiers look for an issuer's keys. Those who trust the ledger ask it for a proof instead; this is for all others, who know the
 * address and nothing else. Any page may ask (the specification wants that): the keys are public, and on a card already.
 */
const keySet = defineRoute({
  method: "GET",
  path: "/v1/card-issuers/:organisation/:signer/.well-known/jwks.json",
  summary: "The key with which an organisation of the alliance signs health cards (RFC 7517), none while the signer is not appointed.",
  params: { organisation: required(AccountId), signer: required(AccountId) },
  answers: { 200: CardKeysAnswer },
  async handle({ ledger }, { params: { organisation, signer } }) {
    const context = ledger.read();
    const key = cardKeyOf(signer, accounts.get(context, signer));
    if (!key || !alliance.has(context, organisation)) throw errors.NotFound({ organisation, signer });
    const { until = Number.POSITIVE_INFINITY } = members.get(context, organisation, signer) ?? { until: 0 };
    const headers = { "access-control-allow-origin": "*", "cache-control": `max-age=${SECONDS}` };
    return { headers, body: { keys: until > context.time ? [await es256KeyOf(key)] : [] } };
  },
});

export const cardIssuerRoutes = [keySet];
