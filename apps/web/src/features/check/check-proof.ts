import { BlockIdFlag } from "@galen/ledger/block/commit";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { followValidators } from "@galen/sdk/proofs/follow-validators";
import type { Proof } from "@galen/sdk/proofs/proof";
import { parseProofFile, type VerifiedProofs, verifyProofs } from "@galen/sdk/proofs/proof-file";
import type { Trust } from "@galen/sdk/proofs/trust";
import { type SubjectKind, verifySubject } from "@galen/sdk/proofs/verify-subject";
import type { ProofInput } from "./input.ts";

/** Who holds a proof in the hand shall not wait for a node that is away. */
const PATIENCE_MS = 4_000;

/** One thing that was checked, as its text names it. */
export interface Step {
  readonly key: "step.form" | "step.signed" | "step.state" | "step.empty" | "step.linked" | "step.transaction" | "step.result";
  readonly values: Readonly<Record<string, number>>;
}

/** What came of a check that holds. */
export interface Verdict extends VerifiedProofs {
  readonly kind: SubjectKind | undefined;
  readonly proofs: readonly Proof[];
  readonly steps: readonly Step[];
  readonly tookMs: number;
  /** Whose signatures counted, where the node could not be asked. */
  readonly offlineSince: number | undefined;
}

/** Checks a proof or what an id names, here, against validators that this browser trusts. Rejects with GalenError where it does not hold. */
export async function checkProof(client: Client, { trust, since }: PresentTrust, input: ProofInput): Promise<Verdict> {
  const startedAt = performance.now();
  const found = input.kind === "id" ? await verifySubject({ ...client, trust }, input.id) : verifyFile(trust, input.text);
  const tookMs = Math.max(1, Math.round(performance.now() - startedAt));
  return { ...found, steps: stepsOf(input, found.proofs), tookMs, offlineSince: since };
}

function verifyFile(trust: Trust, text: string): Pick<Verdict, "kind" | "proofs" | keyof VerifiedProofs> {
  const proofs = parseProofFile(text, portableCrypto);
  return { kind: undefined, proofs, ...verifyProofs(proofs, { trust, crypto: portableCrypto, nowMs: Date.now() }) };
}

/** Whose signatures count. */
export interface PresentTrust {
  readonly trust: Trust;
  /** When they were known to sign, where the node could not be asked. Milliseconds since 1970. */
  readonly since: number | undefined;
}

/** Those who sign now, followed from those whom the client trusts, who trusts them from then on. Without the node, those who were followed last. */
export async function presentTrust(client: Client): Promise<PresentTrust> {
  const known = client.trust!;
  const knownOnly = { trust: known, since: known.seenAt ?? 0 };
  if (!navigator.onLine) return knownOnly; // not to be tried again and again while somebody waits
  try {
    const trust = await followValidators({ ...client, timeoutMs: PATIENCE_MS });
    client.trust = trust;
    await client.onTrust?.(trust);
    return { trust, since: undefined };
  } catch (error) {
    if (!(error instanceof GalenError) || !error.id.startsWith("client/")) throw error;
    return knownOnly;
  }
}

function stepsOf(input: ProofInput, proofs: readonly Proof[]): readonly Step[] {
  const form: Step[] = input.kind === "file" ? [{ key: "step.form", values: {} }] : [];
  const steps = proofs.flatMap(stepsOfProof);
  // Proofs of one block share its signatures; each step is told once.
  return [...form, ...new Map(steps.map((step) => [JSON.stringify(step), step])).values()];
}

function stepsOfProof(proof: Proof): readonly Step[] {
  const { header, commit, validators } = proof.kind === "state" ? proof.final : proof.nextFinal;
  const signed = commit.signatures.filter(({ blockIdFlag }) => blockIdFlag === BlockIdFlag.commit).length;
  const first: Step = { key: "step.signed", values: { height: header.height, signed, validators: validators.length } };
  if (proof.kind === "state") return [first, { key: proof.value === undefined ? "step.empty" : "step.state", values: {} }];
  const values = { height: proof.height };
  return [first, { key: "step.linked", values }, { key: "step.transaction", values }, { key: "step.result", values: {} }];
}
