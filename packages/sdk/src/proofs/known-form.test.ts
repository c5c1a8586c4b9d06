import { FormerNode, type Node } from "@galen/ledger/modules/validators/schema";
import { nodes } from "@galen/ledger/modules/validators/state";
import { codecOf } from "@galen/ledger/schema/codec";
import { testBytes } from "@galen/ledger/testing/chain";
import { expect, it } from "vitest";
import { recordUnder } from "./known-form.ts";

it("reads a node's record also as it was written before version 4", () => {
  const node: Node = { organisation: testBytes("house"), publicKey: testBytes("key"), registeredAt: 3 };
  const key = nodes.keyOf(node.organisation);
  for (const bytes of [codecOf(FormerNode).encode(node), nodes.encode(node)]) {
    expect(recordUnder(key, bytes)).toEqual({ name: "validators/nodes", value: node });
  }
});
