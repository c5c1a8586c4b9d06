import { encodeValidators } from "@galen/engines/chain/chain-store";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { Height } from "@galen/ledger/schema/types";
import { FRAMES_TYPE, writeFrames } from "@galen/sdk/client/frames";
import type { Backend } from "../../backend.ts";
import { type HeightRange, historyStatement, MAX_PAST_BLOCKS, MAX_PAST_BYTES } from "../../history/history-statement.ts";
import { errors } from "../api-error.ts";
import { required } from "../fields.ts";
import { defineRoute } from "../route.ts";

const past = defineRoute({
  method: "POST",
  path: "/v1/peers/history",
  summary: "Give another node blocks with their results and validators, from `to` downwards.",
  auth: "node",
  body: { type: "application/json", maxBytes: 256, fields: { to: required(Height) } },
  answers: {
    200: `frames: for each height from \`to\` down, ${MAX_PAST_BLOCKS} at most, its block, record and validators; then the signature of the statement about these records`,
  },
  async handle(backend, { fields: { to } }) {
    const frames: Uint8Array[] = [];
    let size = 0;
    let height = to;
    for (; height >= 1 && to - height < MAX_PAST_BLOCKS && size < MAX_PAST_BYTES; height--) {
      const found = await pastFrames(backend, height);
      if (!found) break;
      frames.push(...found);
      size += found.reduce((sum, { length }) => sum + length, 0);
    }
    if (height === to) throw errors.HeightNotHeld({ height });
    const { signature } = statementOf(backend, { from: height + 1, to });
    return { type: FRAMES_TYPE, body: writeFrames([...frames, signature]) };
  },
});

async function pastFrames({ store, engine }: Backend, height: number): Promise<readonly Uint8Array[] | undefined> {
  if (height >= engine.status().height) return undefined; // the header after it must be there to prove it
  const [block, record, validators] = [store.blockBytes(height), store.recordBytes(height), await store.validators(height)];
  return block && record && validators && [block, record, encodeValidators(validators)];
}

const statement = defineRoute({
  method: "POST",
  path: "/v1/peers/history/statement",
  summary: "Vouch to another node for the records of some blocks.",
  auth: "node",
  body: { type: "application/json", maxBytes: 256, fields: { from: required(Height), to: required(Height) } },
  answers: { 200: "signature of the statement about these records" },
  handle(backend, { fields: { from, to } }) {
    if (to < from || to - from >= MAX_PAST_BLOCKS)
      throw errors.InvalidField({ field: "to", reason: "must follow from, by less than a hundred" });
    return { body: { signature: bytesToHex(statementOf(backend, { from, to }).signature) } };
  },
});

/** Throws Refusal api/HeightNotHeld. */
function statementOf({ store, ledger, crypto, validator }: Backend, range: HeightRange): { readonly signature: Uint8Array } {
  const records: Uint8Array[] = [];
  for (let height = range.from; height <= range.to; height++) {
    const record = store.recordBytes(height);
    if (!record) throw errors.HeightNotHeld({ height });
    records.push(record);
  }
  return { signature: validator.sign(historyStatement(ledger.chainId, range, { records, sha256: crypto.sha256 })) };
}

export const historyRoutes = [past, statement];
