import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordChain, recordedVersions } from "@galen/ledger/testing/recorded-chain";

/** Writes the recorded chains anew. A changed app hash is a change of consensus: it needs a new ledger version and a decision record. */
const folder = join(import.meta.dirname, "../vectors");
for (const [file, versions] of recordedVersions) {
  writeFileSync(join(folder, file), `${JSON.stringify(await recordChain(versions), undefined, 1)}\n`);
}
