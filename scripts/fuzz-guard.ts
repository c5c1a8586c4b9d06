import { parseArgs } from "node:util";
import { fuzzGuard } from "@galen/ledger/modules/validators/testing/guard-fuzz";

/** Runs random policy histories against the guard, CometBFT's rules as the judge, and prints what came of them. It throws at the first that fails. */
const { values } = parseArgs({ options: { histories: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } } });
const startedAt = performance.now();
const count = fuzzGuard({ histories: Number(values.histories), seed: Number(values.seed) });
console.log(JSON.stringify({ ...count, seconds: Math.round((performance.now() - startedAt) / 1_000) }));
