import { beforeAll, expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { problem } from "../client/testing/fake-node.ts";
import { provenChain } from "../proofs/testing/proven-chain.ts";
import { type TransactionProof, transactionProofToJson } from "../proofs/transaction-proof.ts";
import { proveExecuted } from "./prove-executed.ts";

let chain: Awaited<ReturnType<typeof provenChain>>;
beforeAll(async () => {
  chain = await provenChain();
});

/** What a client hears of a transaction that trusts the chain's validators, from a node that answers like this. It looks for the proof three times at most. */
function hear(answer: () => Response, told: TransactionProof = chain.executed, sent = told) {
  const { trust, crypto, nowMs } = chain.context;
  let asked = 0;
  const fetch = () => {
    asked += 1;
    return Promise.resolve(answer());
  };
  const client = createClient({ url: "http://node.test", trust, crypto, now: () => nowMs + asked, lookMs: 3, fetch });
  return proveExecuted(client, { txHash: sent.txHash, bytes: Uint8Array.from(sent.bytes) }, told.txHash);
}

const unknown = () => problem({ id: "api/NotFound", status: 404, sentence: "none" });

function proofJson(proof: TransactionProof): Response {
  return Response.json(transactionProofToJson(proof, chain.context.crypto));
}

it("gives what a transaction did, however old its block is", async () => {
  const { txHash, height, index } = chain.executed;
  const event = { type: "accounts.delegated", data: chain.delegation };
  expect(await hear(() => proofJson(chain.executed))).toEqual({ txHash, height, index, events: [event] });
});

it("looks again where a node that lags behind the one that told is asked first, or one that is away", async () => {
  const answers = [unknown(), new Response("bad gateway", { status: 502 }), proofJson(chain.executed)];
  expect(await hear(() => answers.shift()!)).toMatchObject({ height: chain.executed.height });
});

it.each<[string, () => Response, object]>([
  ["no proof", unknown, { id: "proof/OutcomeNotProven", status: 502 }],
  ["that of another transaction", () => proofJson(chain.refused), { id: "client/UnexpectedAnswer" }],
  ["no events", () => proofJson({ ...chain.executed, events: [] }), { id: "proof/EventsNotInResult" }],
  [
    "a header that nobody signed",
    () => proofJson({ ...chain.executed, nextFinal: { ...chain.executed.nextFinal, commit: chain.executed.final.commit } }),
    { id: "proof/HeaderNotSigned" },
  ],
])("is not content with %s, and names the transaction", async (_, answer, refusal) => {
  await expect(hear(answer)).rejects.toMatchObject({ ...refusal, txHash: chain.executed.txHash });
});

it("does not take a transaction that the ledger refused for one that did something", async () => {
  const { txHash, height, result } = chain.refused;
  const refusal = { id: "proof/OutcomeNotProven", txHash, details: { height, code: result.code } };
  await expect(hear(() => proofJson(chain.refused), chain.refused)).rejects.toMatchObject(refusal);
});

it("does not take another transaction, which was executed, for what was sent", async () => {
  const { executed, refused } = chain;
  const refusal = { id: "proof/OutcomeNotProven", txHash: refused.txHash }; // not a hash that the node chose
  await expect(hear(() => proofJson(executed), executed, refused)).rejects.toMatchObject(refusal);
});
