import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { nativeCrypto } from "@galen/node/crypto/native";
import { GalenError, type Trust, verifyProofFile } from "@galen/sdk";
import { describe } from "vitest";

/** What a judge is asked: a proof file, whom to trust, and the time. */
export interface Question {
  /** What is special about it, for whoever reads that the judges differ. */
  readonly what?: string;
  readonly text: string;
  readonly trust: Trust;
  readonly nowMs: number;
}

const examples = join(import.meta.dirname, "../../examples");
/** The judge that stands in examples/, for anybody to run. */
export const verifyProgram = join(examples, "verify_proof.py");

/** One question and one answer a line, so that Python starts once. Most altered files differ elsewhere than in a signature: each is verified once. */
const LOOP = `
import functools, json, sys
sys.path.insert(0, ${JSON.stringify(examples)})
import verify_proof
verify_proof.is_signed = functools.cache(verify_proof.is_signed)
for line in sys.stdin:
    question = json.loads(line)
    try:
        verify_proof.verify(question["text"], question["trust"], question["nowMs"])
        print("ok")
    except verify_proof.Refusal as refusal:
        print(refusal.id)
`;

/** Tests that need Python. Without it they are skipped, which the name says, and counted as skipped; but not on CI, where nothing may be left out. */
export function describeWithPython(name: string, tests: () => void): void {
  if (hasPython()) describe(name, tests);
  else describe.skip(`${name} (skipped: there is no python3)`, tests);
}

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && process.env.CI !== "true") return false;
    throw error;
  }
}

/** What Python says of each: `ok`, or the id of the refusal. Throws when it ends otherwise. */
export function askPython(questions: readonly Question[]): string[] {
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join("");
  return execFileSync("python3", ["-B", "-c", LOOP], { input, encoding: "utf8" }).trimEnd().split("\n");
}

/** What the SDK says, in the same words. */
export function askSdk(question: Question): string {
  try {
    verifyProofFile({ ...question, crypto: nativeCrypto });
    return "ok";
  } catch (error) {
    if (error instanceof GalenError) return error.id;
    throw error;
  }
}
