import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { releaseKey } from "@galen/ledger/modules/custody/index";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { Backend } from "../../backend.ts";
import { SOFTWARE } from "../../software.ts";
import { HealthAnswer, StatusAnswer } from "../answers.ts";
import { errors } from "../api-error.ts";
import { problemAnswer } from "../problem.ts";
import { defineRoute } from "../route.ts";

const status = defineRoute({
  method: "GET",
  path: "/v1/status",
  summary: "Where the chain stands and which keys are in force.",
  answers: { 200: StatusAnswer },
  handle: async (backend) => ({ body: await statusOf(backend) }),
});

async function statusOf({ engine, ledger, validator, index, healer, history }: Backend) {
  const { chainId, height, header, appHash } = engine.status();
  const key = releaseKey(ledger.read());
  return {
    chainId,
    height,
    durableHeight: ledger.durableHeight,
    blockTime: header ? toMilliseconds(header.time) : ledger.time,
    appVersion: ledger.version.number,
    newestVersion: ledgerVersions.at(-1)!.number,
    appHash: bytesToHex(appHash),
    validator: bytesToHex(validator.publicKey),
    collectiveKey: key?.publicKey ?? null,
    custodyEpoch: key?.epoch ?? null,
    indexedHeight: await index.height(),
    healing: { blobs: healer.status(), history: history.status() },
    software: SOFTWARE,
  };
}

const health = defineRoute({
  method: "GET",
  path: "/v1/health",
  summary: "Whether the node takes transactions and blobs.",
  answers: { 200: HealthAnswer, 503: "it does not; the problem says why" },
  handle({ engine, blobs }) {
    const { state, refusal } = engine.health();
    const failure = state === "running" ? blobs.failure() : (refusal ?? errors.Stopping());
    return failure ? { ...problemAnswer(failure), status: 503 } : { body: { status: "ok" } };
  },
});

const live = defineRoute({
  method: "GET",
  path: "/v1/health/live",
  summary: "Whether the process answers.",
  answers: { 200: HealthAnswer },
  handle: () => ({ body: { status: "ok" } }),
});

const genesis = defineRoute({
  method: "GET",
  path: "/v1/genesis",
  summary: "The document from which the network was founded.",
  answers: { 200: "the genesis document" },
  handle: (backend) => ({ body: backend.genesis }),
});

const handover = defineRoute({
  method: "GET",
  path: "/v1/handover",
  summary: "The proof that the chain before this network named it as its successor.",
  answers: { 200: "the state proof of handover/announcement/current under a header of the chain before" },
  handle({ handover: proof }) {
    if (proof === undefined) throw errors.NotFound();
    return { body: proof };
  },
});

export const statusRoutes = [status, health, live, genesis, handover];
