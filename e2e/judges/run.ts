import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { runGo } from "../../scripts/go.ts";
import { foundSmallNetwork } from "../small-network.ts";

/**
 * `npm run judge`: CometBFT's own light client, in Go, verifies the headers of a Galen node over its RPC, from the first to the latest. Needs Go
 * and its module proxy, so it stands apart from `npm test`.
 */
const folder = mkdtempSync(join(tmpdir(), "galen-judge-"));
const program = join(folder, "comet-light");
runGo(["build", "-o", program, "."], { cwd: join(import.meta.dirname, "comet-light") });

const network = await foundSmallNetwork();
try {
  const { engine, url } = network.node;
  const { chainId, height } = engine.status();
  const hashAt = (at: number) => bytesToHex(engine.commit(at)!.commit.blockId.hash);
  // Not synchronous: the node lives in this process and has to answer.
  const judge = (trusted: string) => promisify(execFile)(program, [chainId, `${url}/rpc`, "1", trusted, String(height)]);

  const verified = (await judge(hashAt(1))).stdout.trim().toLowerCase().split("\n");
  if (verified.some((hash) => hash !== hashAt(height))) throw new Error(`verified ${verified.join(", ")}, expected ${hashAt(height)}`);
  const refusal = await judge(hashAt(2)).then(
    () => "accepted",
    (error: { stderr: string }) => error.stderr,
  );
  if (!refusal.includes("expected header's hash")) throw new Error(`a wrong trusted hash was not refused: ${refusal}`);
  console.log(`CometBFT's light client verified ${chainId} from height 1 to ${height}, skipping and one by one, and refused a wrong hash`);
} finally {
  await network.stop();
  rmSync(folder, { recursive: true });
}
