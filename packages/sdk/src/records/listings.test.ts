import { testAccount } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { actorOf } from "../client/testing/fake-node.ts";
import { listProposals } from "../proposals/proposal.ts";
import { grantsTo } from "./known-grants.ts";
import { listGrants } from "./listings.ts";

const reader = await actorOf(testAccount("reader"));
const grant = {
  owner: testBytes("owner"),
  grantee: { kind: "person", account: reader.account },
  covers: { kind: "everything" },
  purposes: ["TREAT"],
  from: 0,
  until: 1_000,
  grantedBy: testBytes("owner"),
  createdAt: 0,
};

/** A client whose node lists grants in pages that say what comes next, and what it was asked: pages, and grants at once. */
function listingNode(nexts: readonly (number | null)[], perPage = 1) {
  const asked = { pages: 0, atOnce: 0 };
  let running = 0;
  const fetch = async (input: RequestInfo | URL) => {
    if (new URL(new Request(input).url).pathname.startsWith("/v1/query/")) {
      asked.atOnce = Math.max(asked.atOnce, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return Response.json({ height: 1, result: grant });
    }
    const next = nexts[Math.min(asked.pages, nexts.length - 1)]!;
    if (++asked.pages > 10) throw new Error("asked without end");
    const items = Array.from({ length: perPage }, (_, at) => ({ grantId: testBytes(`grant ${asked.pages} ${at}`) }));
    return Response.json({ height: 1, items, next });
  };
  return { asked, client: createClient({ url: "http://node.test", chainId: "test", fetch }) };
}

it("grants to a reader are looked up some at a time", async () => {
  const { asked, client } = listingNode([150, null], 60);
  expect(await grantsTo(client, reader)).toHaveLength(120);
  expect(asked).toEqual({ pages: 2, atOnce: 8 });
});

it.each([
  ["the same page again and again", [7]],
  ["a page that goes up", [7, 8, 6]],
  ["a page before the first", [7, -1]],
])("a node whose list names %s is not asked without end", async (_, nexts) => {
  const { asked, client } = listingNode(nexts);
  await expect(grantsTo(client, reader)).rejects.toMatchObject({ id: "client/UnexpectedAnswer", details: { field: "next" } });
  expect(asked.pages).toBe(2);
});

it("a node whose pages hold nothing is not asked without end", async () => {
  const { asked, client } = listingNode([7, 6, 5, 4, 3, 2, 1, 0], 0);
  await expect(grantsTo(client, reader)).rejects.toMatchObject({ id: "client/UnexpectedAnswer", details: { field: "next" } });
  expect(asked.pages).toBe(1);
});

it("a page that goes on where it began is none, of any list", async () => {
  const { client } = listingNode([7]);
  const unexpected = { id: "client/UnexpectedAnswer", details: { field: "next" } };
  expect((await listProposals(client, { before: 8 })).next).toBe(7);
  await expect(listProposals(client, { before: 7 })).rejects.toMatchObject(unexpected);
  await expect(listGrants(client, { as: reader, of: { reader: reader.account }, before: 7 })).rejects.toMatchObject(unexpected);
});
