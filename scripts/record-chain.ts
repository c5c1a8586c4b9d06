import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordChain } from "@galen/ledger/testing/recorded-chain";

/** Writes vectors/chain.json anew. A changed app hash is a change of consensus: it needs a new ledger version and a decision record. */
const file = join(import.meta.dirname, "../vectors/chain.json");
writeFileSync(file, `${JSON.stringify(await recordChain(), undefined, 1)}\n`);
