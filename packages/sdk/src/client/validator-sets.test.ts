import { expect, it } from "vitest";
import { createClient } from "./client.ts";
import { listValidatorSets } from "./validator-sets.ts";

const set = {
  height: 12,
  at: 1_795_000_000_000,
  epoch: 3,
  policy: "stake",
  validators: [
    { publicKey: "11".repeat(32), organisation: "22".repeat(32), power: 600_000 },
    { publicKey: "33".repeat(32), organisation: null, power: 400_000 },
  ],
};

function nodeThatSays(answer: unknown, asked: string[] = []) {
  const fetch = async (input: RequestInfo | URL) => {
    asked.push(new Request(input).url);
    return Response.json(answer);
  };
  return createClient({ url: "http://node.test", fetch });
}

it("lists a page of validator sets", async () => {
  const asked: string[] = [];
  const client = nodeThatSays({ height: 20, items: [set], next: 1 }, asked);
  expect(await listValidatorSets(client, { before: 2, limit: 1 })).toEqual({ height: 20, items: [set], next: 1 });
  expect(asked).toEqual(["http://node.test/v1/validator-sets?before=2&limit=1"]);
});

it.each([
  ["a set without validators", { height: 20, items: [{ ...set, validators: undefined }], next: null }],
  ["a power that is no number", { height: 20, items: [{ ...set, validators: [{ ...set.validators[0], power: "all" }] }], next: null }],
  [
    "more validators than a network can have",
    { height: 20, items: [{ ...set, validators: Array.from({ length: 129 }, () => set.validators[0]) }], next: null },
  ],
  ["no list", { height: 20, items: {}, next: null }],
])("refuses %s", async (_, answer) => {
  await expect(listValidatorSets(nodeThatSays(answer))).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
});
