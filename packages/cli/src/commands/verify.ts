import { readFile } from "node:fs/promises";
import { nativeCrypto } from "@galen/node/crypto/native";
import { type Client, createClient } from "@galen/sdk/client/client";
import type { Ending } from "@galen/sdk/proofs/endings";
import type { Proof } from "@galen/sdk/proofs/proof";
import { createProofFile, parseProofFile, type VerifiedProofs, verifyProofs } from "@galen/sdk/proofs/proof-file";
import type { Trust } from "@galen/sdk/proofs/trust";
import { type VerifiedSubject, verifySubject, verifySubjectFile } from "@galen/sdk/proofs/verify-subject";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { requireWritable, writeOutput } from "../output-file.ts";
import { completeOwnedId } from "../reading/complete-id.ts";
import { openClient, readPinned, unlockWallet } from "../session.ts";
import { type Answer, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountOf } from "../wallet/look-up.ts";
import { parseTrust } from "../wallet/parse-trust.ts";
import { hasWallet, isAccountId } from "../wallet/wallet.ts";

const ABSENT = "No record of the ledger has this id: that is proven.";
const UNPROVEN = "That no transaction has it either is only what the node says.";

interface VerifyFlags {
  readonly file?: string;
  readonly save?: string;
  readonly trust?: string;
  readonly as?: string;
  readonly wallet: string;
  readonly url: string;
}

/** `galen verify`. */
export function addVerify(program: Command): void {
  addVerb<VerifyFlags>(program, {
    usage: "verify [id]",
    summary:
      "Prove a record, transaction, grant or log entry, or that an id does not exist, against the validators that the wallet trusts.",
    example: "galen verify 5f3a…(64 characters) --save proof.json && galen verify 5f3a…(64 characters) --file proof.json",
    options: (command) =>
      command
        .option("--as <name>", "whose record, grant or log entry it is: then the beginning of the id is enough")
        .option("--file <proof>", "check a proof file, without asking any node; with an id, what it says of that")
        .option("--save <proof>", "keep the proof in a file, for whoever wants to check it")
        .option("--trust <network>", "whom to trust: a file like the wallet's network.json"),
    async run(flags, ...[id]) {
      if (flags.file !== undefined) return verifyOffline(flags.file, id, flags);
      if (id !== undefined) return verifyOnline(id, flags);
      throw errors.BadValue({ option: "id", reason: "give an id, or --file, or both" });
    },
  });
}

async function verifyOnline(id: string, flags: VerifyFlags): Promise<Answer> {
  if (flags.save !== undefined) await requireWritable(flags.save);
  const client = await trustingClient(flags);
  const subject = await verifySubject(client, flags.as === undefined ? id : await idOf(client, id, flags));
  if (flags.save !== undefined) await writeOutput(flags.save, Buffer.from(createProofFile(subject.proofs, nativeCrypto)));
  const headline = headlineOf(subject);
  return verifiedAnswer(subject.kind === "absent" ? `${headline} ${UNPROVEN}` : headline, subject);
}

/** What is on the ledger, and what of it is over. */
function headlineOf({ kind, endings: [ending] }: VerifiedSubject): string {
  if (kind === "absent") return ABSENT;
  return ending === undefined ? `The ${kind} is on the ledger.` : `The ${kind} is on the ledger; ${wordsOf(ending)}.`;
}

function wordsOf({ how, at }: Ending): string {
  const since = at === undefined ? "" : time(at);
  const words: Readonly<Record<Ending["how"], string>> = {
    refused: "it was refused and did nothing",
    erased: `its content was erased on ${since}`,
    revoked: `it was revoked on ${since}`,
    suspended: `it is suspended since ${since}`,
    expired: `it ended on ${since}`,
    "used-up": "it is used up",
    "not-yet": `it counts from ${since} on`,
  };
  return words[how];
}

/** The whole id of something that belongs to the one who is named. */
async function idOf(client: Client, start: string, { as: name = "", ...flags }: VerifyFlags): Promise<string> {
  const owner = isAccountId(name) ? name : accountOf(await unlockWallet(flags.wallet), name);
  return completeOwnedId(client, { owner, start });
}

/** Whom to trust comes from a file or a wallet, never from the node that is checked. */
async function trustingClient(flags: VerifyFlags): Promise<Client> {
  if (flags.trust !== undefined) return createClient({ url: flags.url, trust: await trustIn(flags), crypto: nativeCrypto });
  if (!(await hasWallet(flags.wallet))) throw errors.NoTrust({ wallet: flags.wallet });
  return openClient(flags);
}

async function verifyOffline(path: string, id: string | undefined, flags: VerifyFlags): Promise<Answer> {
  for (const option of ["save", "as"] as const) {
    if (flags[option] !== undefined) throw errors.BadValue({ option: `--${option}`, reason: "it asks a node, and --file asks none" });
  }
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw errors.NotFound({ path });
  const context = { trust: await trustIn(flags), crypto: nativeCrypto, nowMs: Date.now() };
  if (id !== undefined) {
    const subject = verifySubjectFile({ id, text, ...context });
    return verifiedAnswer(headlineOf(subject), subject);
  }
  const proofs = parseProofFile(text, nativeCrypto);
  const verified = verifyProofs(proofs, context);
  const over = verified.endings.map((ending) => `\n  ! ${ending.id}: ${wordsOf(ending)}`);
  return verifiedAnswer(`${holds(proofs)}${over.join("")}`, verified);
}

/** A file may be handed over as the proof of something, and prove that it is not there. */
function holds(proofs: readonly Proof[]): string {
  const isOfAbsence = proofs.every((proof) => proof.kind === "state" && proof.value === undefined);
  return isOfAbsence
    ? "The proof file holds: it proves that something is not on the ledger. Give its id to check which."
    : "The proof file holds. Give an id to check what it says of that.";
}

async function trustIn({ trust, wallet }: VerifyFlags): Promise<Trust> {
  if (trust === undefined) {
    const pinned = await readPinned(wallet);
    if (!pinned) throw errors.NoTrust({ wallet });
    return pinned;
  }
  const text = await readFile(trust, "utf8").catch(() => undefined);
  if (text === undefined) throw errors.NotFound({ path: trust });
  return parseTrust(text, trust);
}

function verifiedAnswer(headline: string, verified: VerifiedProofs & Partial<VerifiedSubject>): Answer {
  const { proofs: _, ...json } = verified;
  const facts = verified.facts.map((fact) => JSON.stringify(fact));
  const asOf = `As of ${time(verified.asOf)}:`;
  return { json, text: [headline, asOf, ...verified.checks.map((check) => `  ✓ ${check}`), ...facts].join("\n") };
}
