import { Block } from "@galen/ledger/block/block";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { Height, Text } from "@galen/ledger/schema/types";
import { BlockAnswer, HeaderAnswer, ValidatorsAnswer } from "../answers.ts";
import { errors } from "../api-error.ts";
import { required } from "../fields.ts";
import { signedHeaderJson, validatorsJson } from "../json.ts";
import { defineRoute } from "../route.ts";

const header = defineRoute({
  method: "GET",
  path: "/v1/headers/:height",
  summary: "The header of a height, or of the latest, with the commit and the validators that made it final.",
  params: { height: required(Text(16, { pattern: "^(latest|[1-9][0-9]{0,15})$" })) },
  answers: { 200: HeaderAnswer },
  async handle(backend, { params }) {
    const { engine } = backend;
    const height = params.height === "latest" ? engine.status().height : Number(params.height);
    const signed = engine.commit(height);
    if (!signed) throw errors.HeightNotHeld({ height });
    return { body: { signed_header: signedHeaderJson(signed), validators: await validatorsJson(backend, height) } };
  },
});

const validators = defineRoute({
  method: "GET",
  path: "/v1/validators/:height",
  summary: "The validators that decide on a height, known up to two above the last block.",
  params: { height: required(Height) },
  answers: { 200: ValidatorsAnswer },
  async handle(backend, { params: { height } }) {
    if (!(await backend.engine.validators(height))) throw errors.HeightNotHeld({ height });
    return { body: { validators: await validatorsJson(backend, height) } };
  },
});

const block = defineRoute({
  method: "GET",
  path: "/v1/blocks/:height",
  summary: "A block: its time, the names of its transactions, its bytes.",
  params: { height: required(Height) },
  answers: { 200: BlockAnswer },
  handle({ engine, crypto }, { params: { height } }) {
    const found = engine.block(height);
    if (!found) throw errors.HeightNotHeld({ height });
    const txHashes = found.data.txs.map((tx) => bytesToHex(crypto.sha256(tx)));
    return { body: { height, time: toMilliseconds(found.header.time), txHashes, block: bytesToHex(Block.encode(found)) } };
  },
});

export const chainRoutes = [header, validators, block];
