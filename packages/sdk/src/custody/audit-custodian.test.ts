import { expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { auditCustodian } from "./audit-custodian.ts";

it("is not kept by a custodian whose log goes on without entries", async () => {
  let asked = 0;
  const fetch = async () => {
    if (++asked > 10) throw new Error("asked without end");
    return Response.json({ entries: [], next: asked });
  };
  const custodian = createClient({ url: "http://node.test", fetch });
  await expect(auditCustodian(custodian, custodian)).rejects.toMatchObject({ id: "client/UnexpectedAnswer", details: { field: "next" } });
  expect(asked).toBe(1);
});
