import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { stderr } from "node:process";
import { type JsonObject, readJson, summariseDocument, writeJson } from "@galen/gateway";
import { isList, isObject } from "@galen/gateway/fhir/json-value";
import { cardBundle } from "@galen/gateway/health-card/card-bundle";
import { cardCode, parseCards } from "@galen/gateway/health-card/card-code";
import { type CardContents, cardContents } from "@galen/gateway/health-card/card-contents";
import { cardDocument } from "@galen/gateway/health-card/card-document";
import { createIssuerKey, type IssuerSecretKey, publicHalf, readIssuerKey } from "@galen/gateway/health-card/es256-key";
import { type IssueOptions, issueHealthCard } from "@galen/gateway/health-card/issue-card";
import { checkHealthCard, issuerAddress, issuerSecretKey } from "@galen/gateway/health-card/ledger-issuer";
import { type HealthCard, verifyHealthCard } from "@galen/gateway/health-card/verify-card";
import { nativeScrypt } from "@galen/node/crypto/native-scrypt";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import type { Es256Key } from "@galen/sdk/keys/es256-key";
import { openKeyFile, sealKeyFile } from "@galen/sdk/keys/key-file";
import { appointingMessages, cardSigner, fetchCardSigner } from "@galen/sdk/organisations/card-signer";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { deriveObjectId } from "@galen/sdk/records/object-id";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { parseMoment } from "../dates.ts";
import { errors } from "../errors.ts";
import { readForCard } from "../health-card/card-record.ts";
import { chooseEntries, type LeftOut, NO_AUTHOR } from "../health-card/choose-entries.ts";
import { authorOf } from "../import/author.ts";
import { requireNewFile, requireWritable, writeOutput } from "../output-file.ts";
import { createUnreadableList } from "../reading/unreadable.ts";
import { actorOf, openReading, openSession, type Session } from "../session.ts";
import { type ActingFlags, acting, signingOf } from "../signing.ts";
import { shortId, time } from "../terminal/answer.ts";
import { addVerb, type VerbOptions } from "../verb.ts";
import { accountOf, nameOf } from "../wallet/look-up.ts";
import { chooseFilePassphrase, openSealedFile } from "../wallet/passphrase.ts";

/** `galen health-card appoint|key|issue|verify`. */
export function addHealthCard(program: Command): void {
  const group = program
    .command("health-card")
    .description("SMART Health Cards: immunizations as a signed code, which an organisation issues");
  addAppoint(group);
  addKey(group);
  addIssue(group);
  addVerify(group);
}

function addAppoint(group: Command): void {
  addVerb<ActingFlags>(group, {
    usage: "appoint",
    summary:
      "Appoint the card signer of a house of the alliance: its key follows from the house's own, and everybody finds it on the ledger.",
    example: 'galen health-card appoint --as "Sampleton General Hospital"',
    options: (command) => acting(command, "the house"),
    async run(flags) {
      const session = await openSession(flags);
      const { as: actors, beforeSigning } = await signingOf(session, { ...flags, as: [flags.as] });
      const [house] = actors as [OwnAccount];
      const signer = cardSigner(house.keys);
      const known = await fetchCardSigner(session.client, { organisation: house.account, signer: signer.account });
      const messages = appointingMessages(house.account, signer, known);
      const executed = messages.length > 0 ? await submit(session.client, { actors: [house, signer], beforeSigning, messages }) : undefined;
      const { txHash = null, height = null } = executed ?? {}; // none where the signer is appointed already
      return { json: { signer: signer.account, txHash, height }, text: `Cards of ${flags.as} are signed by ${signer.account}.` };
    },
  });
}

function addKey(group: Command): void {
  addVerb<{ readonly key: string; readonly jwks: string }>(group, {
    usage: "key",
    summary: "Make a key for cards (P-256) that is on no ledger, under a passphrase, and the public set that verifiers ask for.",
    example: "galen health-card key --key issuer-key.json --jwks jwks.json",
    options: (command) =>
      command
        .requiredOption("--key <file>", "the key file to write; asks for its passphrase")
        .requiredOption("--jwks <file>", "the public set to write, to be served as /.well-known/jwks.json below the issuer's address"),
    async run({ key: file, jwks }) {
      // Whoever lost the key of cards that are out can issue no more under it, and a set without it refuses them.
      for (const path of [file, jwks]) await requireNewFile(path);
      const key = await createIssuerKey();
      const secret = new TextEncoder().encode(JSON.stringify(key));
      await writeFileDurably(
        file,
        Buffer.from(await sealKeyFile(secret, await chooseFilePassphrase("Passphrase for the key file: "), nativeScrypt)),
      );
      await writeFile(jwks, `${JSON.stringify({ keys: [publicHalf(key)] }, undefined, 2)}\n`);
      return { json: { kid: key.kid, key: file, jwks }, text: `The key ${key.kid} lies in ${file}; verifiers need ${jwks}.` };
    },
  });
}

interface IssueFlags {
  readonly key?: string;
  readonly issuer?: string;
  readonly until?: string;
  readonly include?: readonly string[];
  readonly out?: string;
  readonly patient?: string;
  readonly as?: string;
}

function addIssue(group: Command): void {
  addVerb<IssueFlags>(group, {
    usage: "issue [bundle]",
    summary:
      "Put name, day of birth and completed immunizations on a card, and sign it: of what a patient has opened to the house, or of a FHIR bundle in a file. What the house has not filed itself stays off, unless it is named.",
    example:
      'galen health-card appoint --as "Sampleton General Hospital" && galen health-card issue --as "Sampleton General Hospital" --patient "Pellan Mockridge"',
    options: (command) =>
      command
        .option("--key <file>", "the organisation's key file; by default the house's card signer signs")
        .option("--issuer <url>", "with --key: the organisation's address, https, without a slash at the end")
        .option("--until <moment>", "until when: a date, a time, or a span such as 365d; by default without an end")
        .option("--include <id...>", "put on the card as well, as the house's own word: what was left out, by the beginnings of its ids")
        .option("--out <file>", "a file to write, .smart-health-card")
        .option("--patient <name>", "whose record is read, which is logged, unless there is a bundle; in whose record the card is filed")
        .option("--as <name>", "who reads and files it: the organisation, or somebody of its staff"),
    async run(flags, file) {
      if (flags.out !== undefined) await requireWritable(flags.out);
      const session = flags.as === undefined ? undefined : await openSession(flags);
      // Before the record is read: a reading is logged and counted, also one of which no card comes.
      const terms = await termsOf(session, flags);
      const { contents, notes } = file === undefined ? await contentsOfRecord(session, flags) : contentsOfFile(await readFile(file), file);
      const { chosen, leftOut } = chooseEntries(contents, flags.include ?? []);
      const lines = [...leftOutLines(leftOut, session), ...notes];
      const bundle = cardBundle({ resourceType: "Bundle", entry: chosen.map((resource) => ({ resource })) });
      if (!bundle) {
        for (const line of lines) stderr.write(`${line}\n`);
        throw errors.NothingForCard();
      }
      const jws = await issueHealthCard({ bundle, ...terms, now: Date.now() });
      const code = cardCode(jws);
      if (flags.out !== undefined) await writeOutput(flags.out, Buffer.from(`${JSON.stringify({ verifiableCredential: [jws] })}\n`));
      const objectId = flags.patient === undefined ? undefined : await fileCard(jws, { session, ...flags });
      const filed = objectId === undefined ? [] : [`Filed as ${objectId}.`];
      return { json: { code, file: flags.out ?? null, objectId: objectId ?? null, leftOut }, text: [code, ...filed, ...lines].join("\n") };
    },
  });
}

interface Source {
  readonly contents: CardContents;
  /** What else is to be said of it. */
  readonly notes: readonly string[];
}

/** Who filed what is in a file, nothing proves. */
function contentsOfFile(bytes: Uint8Array, file: string): Source {
  const documents = [{ content: readBundle(bytes, file), author: NO_AUTHOR }];
  return { contents: cardContents(documents, { house: "", patient: "" }), notes: [] };
}

async function contentsOfRecord(session: Session | undefined, { as: name, patient: of }: IssueFlags): Promise<Source> {
  if (!session || name === undefined) throw errors.BadValue({ option: "--as", reason: "who reads the record, where no bundle is given" });
  if (of === undefined) throw errors.BadValue({ option: "--patient", reason: "whose record is read, where no bundle is given" });
  const { as, organisation: house = as.account } = await authorOf(session, { name });
  const patient = accountOf(session.wallet, of);
  const unreadable = createUnreadableList(session.wallet);
  const documents = await readForCard(session.client, { as, patient, onUnreadable: unreadable.note });
  return { contents: cardContents(documents, { house, patient }), notes: unreadable.lines() };
}

function leftOutLines(leftOut: readonly LeftOut[], session: Session | undefined): readonly string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.map(({ id, entry, filedBy, author }) => {
    const by = author === undefined || !session ? "nothing proves who filed it" : `filed by ${nameOf(session.wallet, author)}`;
    const why = { house: "one of several people", patient: `${by}, the patient`, other: by }[filedBy];
    return `  ${shortId(id)}  ${entry}: ${why}`;
  });
  return ["Left out; --include puts it on a card, as the word of the house:", ...lines];
}

/** All of a card but what stands on it: whose word it is, by which key, and until when. */
async function termsOf(session: Session | undefined, flags: IssueFlags & VerbOptions): Promise<Omit<IssueOptions, "bundle" | "now">> {
  const validUntil = flags.until === undefined ? {} : { validUntil: parseMoment(flags.until, Date.now()) };
  return { ...(await signerOf(session, flags)), ...validUntil };
}

/** Whose word the card is, and by which key: that of a file, or that of the house's card signer. */
async function signerOf(session: Session | undefined, { key: keyFile, issuer = "", as: name, url }: IssueFlags & VerbOptions) {
  if (keyFile !== undefined) {
    if (!/^https:\/\/.+[^/]$/.test(issuer))
      throw errors.BadValue({ option: "--issuer", reason: "an https address without a slash at the end" });
    return { issuer, key: await readKey(keyFile) };
  }
  if (!session || name === undefined)
    throw errors.BadValue({ option: "--as", reason: "the house that issues, or the key file of an issuer as --key" });
  const { account: organisation, keys } = await actorOf(session, name);
  const signer = cardSigner(keys);
  const place = { organisation, signer: signer.account };
  const { publicKey, isAppointed } = await fetchCardSigner(session.client, place);
  if (!publicKey || !isAppointed)
    throw errors.BadValue({ option: "--as", reason: "a house with a card signer; `galen health-card appoint` appoints it" });
  return { issuer: issuerAddress(new URL(url).host, place), key: await issuerSecretKey(signer) };
}

/** Files the card among the patient's documents, under a label of the author: the patient's own labels are the patient's secret. */
async function fileCard(
  jws: string,
  { session, patient = "", as: name }: IssueFlags & { readonly session: Session | undefined },
): Promise<string> {
  if (!session || name === undefined) throw errors.BadValue({ option: "--as", reason: "who files the card" });
  const author = await authorOf(session, { name });
  const owner = accountOf(session.wallet, patient);
  const written = { account: author.as.account, name: nameOf(session.wallet, author.as.account) };
  const uuid = randomUUID();
  const content = cardDocument(jws, { writtenAt: session.client.now(), uuid, author: written, patient: owner });
  const objectId = deriveObjectId(author.as.keys.compartmentKey, `health-card/${uuid}`);
  const compartment = compartmentLabel(author.as.keys.compartmentKey, `${owner}/general`);
  await fileDocuments(session.client, { ...author, documents: [{ objectId, plaintext: writeJson(content), owner, compartment }] });
  return objectId;
}

function readBundle(bytes: Uint8Array, file: string): JsonObject {
  const value = readJson(bytes, file);
  return isObject(value) ? value : {};
}

/** Throws Refusal cli/BadValue for another secret in such a file, such as somebody's seed words, without a word of it. */
async function readKey(file: string): Promise<IssuerSecretKey> {
  const text = await readFile(file, "utf8");
  const secret = await openSealedFile(file, (passphrase) => openKeyFile(text, passphrase, nativeScrypt));
  const key = await readIssuerKey(secret);
  if (!key) throw errors.BadValue({ option: "--key", reason: "a key file that `galen health-card key` has written" });
  return key;
}

function addVerify(group: Command): void {
  addVerb<{ readonly jwks?: string }>(group, {
    usage: "verify <card>",
    summary:
      "Check cards, given as a file or as the text of a code, against their issuer's key on the ledger, and show what stands on them.",
    example: "galen health-card verify ada.smart-health-card",
    options: (command) => command.option("--jwks <file>", "instead of the ledger: the keys of issuers that one believes"),
    async run({ jwks, ...options }, card = "") {
      const text = card.startsWith("shc:/") ? card : await readFile(card, "utf8");
      const check = await checkBy(jwks, options);
      const cards = await Promise.all(parseCards(text).map(check));
      return { json: cards.map(({ card: one }) => one), text: cards.map(cardText).join("\n\n") };
    },
  });
}

interface Verified {
  readonly card: HealthCard;
  /** As people call it: the house, or the address of an issuer that is on no ledger. */
  readonly issuedBy: string;
}

async function checkBy(jwks: string | undefined, options: VerbOptions): Promise<(jws: string) => Promise<Verified>> {
  if (jwks !== undefined) {
    const keys = await readKeys(jwks);
    return async (jws) => {
      const card = await verifyHealthCard(jws, { keys, now: Date.now() });
      return { card, issuedBy: card.issuer };
    };
  }
  const { client, wallet } = await openReading(options);
  return async (jws) => {
    const card = await checkHealthCard(client, jws);
    return { card, issuedBy: nameOf(wallet, card.organisation) };
  };
}

async function readKeys(file: string): Promise<readonly Es256Key[]> {
  const value = readJson(await readFile(file), file);
  const keys = isObject(value) ? value.keys : undefined;
  if (!isList(keys)) throw errors.BadValue({ option: "--jwks", reason: "a set of keys, as an issuer's /.well-known/jwks.json holds it" });
  // What each of them is, the verification checks.
  return keys.filter(isObject) as unknown as readonly Es256Key[];
}

function cardText({ card: { validFrom, validUntil, bundle }, issuedBy }: Verified): string {
  const end = validUntil === undefined ? "" : ` until ${time(validUntil)}`;
  return `The signature holds. Issued by ${issuedBy}, from ${time(validFrom)}${end}.\n${summariseDocument(bundle)}`;
}
