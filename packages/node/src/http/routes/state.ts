import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { Height, List, Text } from "@galen/ledger/schema/types";
import { encodeStateProof, type StateProof } from "@galen/ledger/store/proof";
import { MAX_STATE_KEY_LENGTH } from "@galen/ledger/store/state-hash";
import { StoreError } from "@galen/ledger/store/store-error";
import type { Backend } from "../../backend.ts";
import { StateAnswer, StateProofsAnswer } from "../answers.ts";
import { errors } from "../api-error.ts";
import { optional, required } from "../fields.ts";
import { signedHeaderJson, validatorsJson } from "../json.ts";
import { runQuery } from "../module-query.ts";
import { defineRoute } from "../route.ts";
import { sealedHeader } from "../sealed-header.ts";

const StateKey = Text(MAX_STATE_KEY_LENGTH, { pattern: "^[ -~]+$", description: "printable ASCII" });

const state = defineRoute({
  method: "GET",
  path: "/v1/state",
  summary: "A value of the state, or its absence, with a proof against the next signed header.",
  query: { key: required(StateKey), height: optional(Height) },
  answers: { 200: StateAnswer },
  async handle(backend, { query, signal }) {
    const height = query.height ?? latestProvable(backend);
    const record = recordJson(backend, query.key, height);
    return { body: { height, ...record, ...(await finalHeaderJson(backend, height + 1, signal)) } };
  },
});

/** What one release asks for, twice over; a record has at most 64 KiB. */
const MAX_KEYS = 128;

const stateProofs = defineRoute({
  method: "POST",
  path: "/v1/state/proofs",
  summary: "Several values of the state, or their absence, each with its proof against one signed header.",
  body: {
    type: "application/json",
    maxBytes: 65_536,
    fields: { keys: required(List(StateKey, { minItems: 1, maxItems: MAX_KEYS })), height: optional(Height) },
  },
  answers: { 200: StateProofsAnswer },
  async handle(backend, { fields, signal }) {
    const height = fields.height ?? latestProvable(backend);
    const records = fields.keys.map((key) => recordJson(backend, key, height));
    return { body: { height, records, ...(await finalHeaderJson(backend, height + 1, signal)) } };
  },
});

function recordJson(backend: Backend, key: string, height: number) {
  const { value, proof } = proveAt(backend, key, height);
  return { key, value: value ? bytesToHex(value) : null, proof: bytesToHex(encodeStateProof(proof)) };
}

async function finalHeaderJson(backend: Backend, height: number, signal: AbortSignal) {
  const signedHeader = signedHeaderJson(await sealedHeader(backend.engine, height, signal));
  return { signedHeader, validators: await validatorsJson(backend, height) };
}

/** The newest height whose state stands, or is about to stand, in a header. */
function latestProvable({ engine }: Backend): number {
  const { height } = engine.status();
  return lastBlockChangedNothing(engine) ? height - 1 : height;
}

function lastBlockChangedNothing(engine: Backend["engine"]): boolean {
  const { header, appHash } = engine.status();
  return header !== undefined && equalBytes(header.appHash, appHash);
}

/** Throws Refusal api/HeightNotHeld. */
function proveAt({ engine, ledger }: Backend, key: string, height: number): { value: Uint8Array | undefined; proof: StateProof } {
  const tip = engine.status().height;
  if (height > tip) throw errors.HeightNotHeld({ height, latest: tip });
  try {
    // The same tree: a node that has just started holds only the newest.
    return ledger.prove(key, height === tip - 1 && lastBlockChangedNothing(engine) ? tip : height);
  } catch (error) {
    if (error instanceof StoreError && error.code === "VersionPruned") throw errors.HeightNotHeld({ height });
    throw error;
  }
}

const query = defineRoute({
  method: "GET",
  path: "/v1/query/:name",
  summary: "Ask the ledger's modules; parameters by the query's schema, lists and objects as JSON.",
  params: { name: required(Text(64)) },
  query: "any",
  answers: { 200: "height and result" },
  handle: ({ ledger }, { params, rawQuery }) => ({ body: runQuery(ledger, params.name, rawQuery) }),
});

export const stateRoutes = [state, stateProofs, query];
