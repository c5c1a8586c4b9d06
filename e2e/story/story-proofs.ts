import { createHash } from "node:crypto";
import { type Client, GalenError } from "@galen/sdk";
import { createProofFile, verifyProofFile } from "@galen/sdk/proofs/proof-file";
import { verifySubject } from "@galen/sdk/proofs/verify-subject";
import type { Notebook } from "./report.ts";

/** What the proofs of one patient are about. */
export type Subjects = Readonly<Record<"document" | "grant" | "release" | "transaction" | "absent", string>>;

/** Changes that are tried on every proof file. */
const CHANGES = 6;

/** Proves every subject against the trusted validators, again from its file without a node, and sees every changed file refused. */
export async function proveSubjects(client: Client, subjects: Subjects, { report, check }: Notebook): Promise<void> {
  for (const [kind, id] of Object.entries(subjects)) {
    const verified = await verifySubject(client, id);
    check(verified.kind === kind, `${id} was proven as ${verified.kind}, not as ${kind}`);
    const text = createProofFile(verified.proofs, client.crypto);
    check(isProven(client, text), `the proof file of ${kind} ${id} does not hold`);
    report.proofsVerified += 1;
    for (const changed of changesOf(text)) {
      check(!isProven(client, changed), `a changed proof file of ${kind} ${id} holds`);
      report.proofsRefused += 1;
    }
  }
}

function isProven({ trust, crypto, now }: Client, text: string): boolean {
  try {
    verifyProofFile({ text, trust: trust!, crypto, nowMs: now() });
    return true;
  } catch (error) {
    if (error instanceof GalenError) return false;
    throw error;
  }
}

/** The text with one hexadecimal digit changed, at places that follow from the text: the same run tries the same again. */
function changesOf(text: string): readonly string[] {
  const digits = [...text.matchAll(/(?<=")[0-9a-fA-F]{16,}(?=")/g)].flatMap(({ index, 0: word }) =>
    Array.from(word, (_, at) => index + at),
  );
  const seed = createHash("sha256").update(text).digest();
  return Array.from({ length: CHANGES }, (_, change) => {
    const place = digits[seed.readUInt32BE(change * 4) % digits.length]!;
    const other = text[place] === "0" ? "1" : "0";
    return text.slice(0, place) + other + text.slice(place + 1);
  });
}
