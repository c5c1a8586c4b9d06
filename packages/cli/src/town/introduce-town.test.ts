import { Refusal } from "@galen/ledger/app/refusal";
import { describe, expect, it } from "vitest";
import type { WalletEntry } from "../wallet/entry.ts";
import { townRoute } from "./introduce-town.ts";

const entries: readonly WalletEntry[] = [
  { account: "aa", name: "Kestra Makebury", kind: "person", words: "child words", patientIdentity: "1" },
  { account: "bb", name: "Liorel Synthern", kind: "person", words: "parent words", patientIdentity: "2" },
  { account: "cc", name: "Alwen Sampleton", kind: "person", words: "patient words", patientIdentity: "3" },
  { account: "dd", name: "Somebody Else", kind: "person" },
  { account: "ee", name: "Sampleton General Hospital", kind: "organisation", words: "hospital words" },
];

async function ask(host: string | undefined) {
  const route = townRoute(() => Promise.resolve({ entries: () => entries }));
  const answer = await route.handle({ ledger: { chainId: "sample-town-1" } } as never, { headers: { host } } as never);
  return answer.body as {
    readonly people: readonly {
      readonly name: string;
      readonly part: string;
      readonly actsFor: readonly string[];
    }[];
  };
}

describe("the people of the sample town", () => {
  it("are told with their parts, those with a history first, and nobody without keys", async () => {
    const { people } = await ask("127.0.0.1:8080");
    expect(people.map(({ name, part, actsFor }) => [name, part, actsFor])).toEqual([
      ["Sampleton General Hospital", "hospital", []],
      ["Alwen Sampleton", "patient", []],
      ["Kestra Makebury", "patient", []],
      ["Liorel Synthern", "parent", ["aa"]],
    ]);
  });

  it.each(["localhost:8080", "127.0.0.1", "[::1]:80"])("are told to a page of this machine: %s", async (host) => {
    expect((await ask(host)).people).toHaveLength(4);
  });

  it.each(["evil.test", "127.0.0.1.evil.test", "localhost.evil.test:8080", "192.168.0.7:8080", undefined])(
    "are not told to a page that a stranger's name has led here: %s",
    async (host) => {
      await expect(ask(host)).rejects.toSatisfy((error) => error instanceof Refusal && error.kind.id === "cli/NotThisMachine");
    },
  );
});
