import type { NodeStatus } from "@galen/ledger/modules/validators/schema";
import { expect, it } from "vitest";
import { unreadyHint } from "./validators.ts";

const key = "ab".repeat(32);
const voting: NodeStatus = {
  node: { organisation: key, publicKey: key, registeredAt: 1 },
  power: 1,
  targetPower: 500_000,
  isReady: false,
  ownStake: 0,
  totalStake: 0,
  solutions: 0,
};
const silent = { ...voting, power: 0 };

it.each<[string, readonly NodeStatus[], boolean]>([
  ["a node that votes", [voting], false],
  ["a node without power that is ready", [voting, { ...silent, isReady: true }], false],
  ["a node that leaves", [voting, { ...silent, node: { ...silent.node, leaving: true } }], false],
  ["a node without power whose sign of life is too old", [voting, silent], true],
])("of %s is said what brings it back, if anything does", (_, nodes, isTold) => {
  expect(unreadyHint(nodes).join().includes("node register --ready")).toBe(isTold);
});
