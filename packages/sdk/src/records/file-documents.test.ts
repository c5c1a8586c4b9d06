import { expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { actorOf, createFakeNode } from "../client/testing/fake-node.ts";
import { fileNewDocuments } from "./file-documents.ts";
import type { NewDocument } from "./seal-document.ts";

it("refuses a document that is named twice, with its id and before anything is asked or sealed", async () => {
  const { patient } = await createFakeNode();
  const asked: string[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    asked.push(new Request(input).url);
    throw new TypeError("fetch failed");
  };
  const client = createClient({ url: "http://node.test", chainId: "test", fetch });
  const [first, second] = ["ab", "cd"].map((byte) => byte.repeat(32)) as [string, string];
  const documents = [first, second, first].map(
    (objectId): NewDocument => ({ objectId, owner: patient.account, compartment: "general", plaintext: new Uint8Array(9) }),
  );
  const filing = fileNewDocuments(client, { as: await actorOf(patient), documents });
  await expect(filing).rejects.toMatchObject({ id: "vault/RepeatedObject", details: { objectId: first } });
  expect(asked).toEqual([]);
});
