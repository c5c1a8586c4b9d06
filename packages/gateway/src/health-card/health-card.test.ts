import { outsideBytes, outsideData } from "@galen/ledger/testing/outside-data";
import { type Es256Key, toBase64Url } from "@galen/sdk/keys/es256-key";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readAttachments } from "../fhir/attachments.ts";
import type { JsonObject } from "../fhir/json-value.ts";
import { cardBundle } from "./card-bundle.ts";
import { cardCode, parseCards } from "./card-code.ts";
import { type CardEntry, cardContents, type FiledContent } from "./card-contents.ts";
import { cardDocument } from "./card-document.ts";
import { createIssuerKey, fromBase64Url, type IssuerSecretKey, publicHalf, readIssuerKey } from "./es256-key.ts";
import { HealthCardError } from "./health-card-error.ts";
import { issueHealthCard } from "./issue-card.ts";
import { verifyHealthCard } from "./verify-card.ts";

const NOW = Date.UTC(2026, 10, 26);
const ISSUER = "https://hospital.example/cards";

const record: JsonObject = {
  resourceType: "Bundle",
  entry: [
    {
      resource: {
        resourceType: "Patient",
        id: "p",
        name: [{ family: "Example", given: ["Ada"] }],
        birthDate: "1980-02-03",
        gender: "female",
      },
    },
    {
      resource: {
        resourceType: "Immunization",
        id: "i",
        status: "completed",
        vaccineCode: { text: "Influenza", coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "140", display: "Influenza" }] },
        occurrenceDateTime: "2025-10-11T09:00:00Z",
        lotNumber: "L1",
      },
    },
    { resource: { resourceType: "Immunization", status: "not-done" } },
    { resource: { resourceType: "Condition", code: { text: "secret" } } },
  ],
};

let key: IssuerSecretKey;
let jws: string;
beforeAll(async () => {
  key = await createIssuerKey();
  jws = await issueHealthCard({ bundle: cardBundle(record)!, issuer: ISSUER, key, now: NOW, validUntil: NOW + 1_000_000 });
});

/** How a verification ends. */
async function outcome(card: string, options: { readonly keys?: readonly Es256Key[]; readonly now?: number } = {}): Promise<string> {
  try {
    await verifyHealthCard(card, { keys: options.keys ?? [publicHalf(key)], now: options.now ?? NOW + 1_000 });
    return "holds";
  } catch (error) {
    if (error instanceof HealthCardError) return error.code;
    throw error;
  }
}

describe("what goes on a card", () => {
  it("is name, day of birth and completed immunizations, without display texts", () => {
    const bundle = cardBundle(record)!;
    expect(bundle.entry).toEqual([
      {
        fullUrl: "resource:0",
        resource: { resourceType: "Patient", name: [{ family: "Example", given: ["Ada"] }], birthDate: "1980-02-03" },
      },
      {
        fullUrl: "resource:1",
        resource: {
          resourceType: "Immunization",
          status: "completed",
          vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "140" }] },
          patient: { reference: "resource:0" },
          occurrenceDateTime: "2025-10-11",
          lotNumber: "L1",
        },
      },
    ]);
    expect(cardBundle({ resourceType: "Bundle", entry: [] })).toBeUndefined();
  });
});

describe("what documents have for a card", () => {
  const patient = (given: string) => ({ resourceType: "Patient", name: [{ family: "Example", given: [given] }], birthDate: "1980-02-03" });
  const vaccination = (day: string, code: string, rest: JsonObject = {}) => ({
    resourceType: "Immunization",
    status: "completed",
    vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code }] },
    occurrenceDateTime: `${day}T09:00:00Z`,
    ...rest,
  });
  const documentOf = (...resources: readonly JsonObject[]) => ({
    resourceType: "Bundle",
    entry: resources.map((resource) => ({ resource })),
  });
  const parties = { house: "house", patient: "ada" };
  const contentsOf = (documents: readonly JsonObject[]) =>
    cardContents(
      documents.map((content) => ({ content, author: "house" })),
      parties,
    );
  const resourcesOf = (entries: readonly CardEntry[]) => entries.map(({ resource }) => resource);
  const days = (documents: readonly JsonObject[]) => resourcesOf(contentsOf(documents).immunizations).map((one) => one.occurrenceDateTime);

  it("is each completed immunization once, the newest first", () => {
    const [old, young] = [vaccination("2019-01-02", "140"), vaccination("2025-03-04", "213")];
    const undone = [vaccination("2026-01-01", "1", { status: "not-done" }), vaccination("2026-01-01", "1", { vaccineCode: { text: "x" } })];
    const documents = [documentOf(patient("Ada"), old), documentOf(patient("Ada"), young, old, ...undone)];
    expect(days(documents)).toEqual(["2025-03-04T09:00:00Z", "2019-01-02T09:00:00Z"]);
    expect(resourcesOf(contentsOf(documents).patients)).toEqual([patient("Ada")]);
    expect(days([documentOf(old), documentOf({ ...old, lotNumber: "L2" })])).toHaveLength(2);
  });

  it("is nothing of what was taken back", () => {
    const [kept, taken] = [vaccination("2025-03-04", "213"), vaccination("2019-01-02", "140")];
    const retracted = documentOf({ resourceType: "Composition", status: "entered-in-error" }, patient("Eve"), taken);
    expect(resourcesOf(contentsOf([retracted, documentOf(patient("Ada"), kept)]).patients)).toEqual([patient("Ada")]);
    expect(days([retracted, documentOf(patient("Ada"), kept)])).toEqual(["2025-03-04T09:00:00Z"]);
  });

  it("is nothing where there is nothing, and everybody whom the documents name", () => {
    expect(contentsOf([])).toEqual({ patients: [], immunizations: [] });
    expect(contentsOf([documentOf({ resourceType: "Patient" }), documentOf(patient("Ada"), patient("Bea"))]).patients).toHaveLength(2);
  });

  it.each<readonly [name: string, filing: Omit<FiledContent, "content">, filedBy: CardEntry["filedBy"]]>([
    ["the house", { author: "house" }, "house"],
    ["its staff", { author: "doctor", organisation: "house" }, "house"],
    ["the patient", { author: "ada" }, "patient"],
    ["the patient as the house's staff", { author: "ada", organisation: "house" }, "patient"],
    ["another house", { author: "clinic" }, "other"],
    ["another house's staff", { author: "doctor", organisation: "clinic" }, "other"],
    ["a delegate", { author: "doctor" }, "other"],
  ])("says who filed it: %s", (_, filing, filedBy) => {
    const content = documentOf(patient("Ada"), vaccination("2026-01-02", "184"));
    const { patients, immunizations } = cardContents([{ content, ...filing }], parties);
    const entry = { author: filing.author, organisation: filing.organisation, filedBy };
    expect([patients, immunizations]).toMatchObject([[entry], [entry]]);
  });

  it("is the house's where the house has filed the same as somebody else", () => {
    const content = documentOf(patient("Ada"), vaccination("2026-01-02", "184"));
    const authors = ["ada", "clinic", "house"];
    const { patients, immunizations } = cardContents(
      authors.map((author) => ({ content, author })),
      parties,
    );
    expect([patients, immunizations].map((entries) => entries.map(({ author }) => author))).toEqual([["house"], ["house"]]);
  });
});

describe("a card in a record", () => {
  it("is a file that opens to the card again", async () => {
    const author = { account: "ab".repeat(32), name: "Hospital" };
    const document = cardDocument(jws, { writtenAt: NOW, uuid: "0b3e8a4e-7a43-4a6e-9b5a-0f9c43a1b111", author, patient: "cd".repeat(32) });
    const [file] = await readAttachments(document);
    expect(file).toMatchObject({ kind: "card", fault: undefined });
    expect(parseCards(new TextDecoder().decode(file!.bytes))).toEqual([jws]);
  });
});

describe("a card", () => {
  it("is issued, coded, read back and verified", async () => {
    const code = cardCode(jws);
    expect(code).toMatch(/^shc:\/\d+$/);
    expect(parseCards(code)).toEqual([jws]);
    expect(parseCards(JSON.stringify({ verifiableCredential: [jws] }))).toEqual([jws]);
    const card = await verifyHealthCard(parseCards(code)[0]!, { keys: [publicHalf(key)], now: NOW + 1_000 });
    expect(card).toMatchObject({ issuer: ISSUER, validFrom: NOW, validUntil: NOW + 1_000_000, bundle: cardBundle(record)! });
  });

  it("of more than one code takes is coded in none", () => {
    expect(() => cardCode("a".repeat(3_501))).toThrow(expect.objectContaining({ code: "TooLarge" }) as Error);
  });

  it("holds until its end, and not before its beginning", async () => {
    expect(await outcome(jws, { now: NOW - 1 })).toBe("NotYet");
    expect(await outcome(jws, { now: NOW + 1_000_000 })).toBe("Expired");
  });

  it("of somebody else, or altered in any character, is refused", async () => {
    expect(await outcome(jws, { keys: [publicHalf(await createIssuerKey())] })).toBe("UnknownKey");
    const posing = { ...publicHalf(await createIssuerKey()), kid: key.kid };
    expect(await outcome(jws, { keys: [posing] })).toBe("BadKey");
    await fc.assert(
      fc.asyncProperty(fc.nat(jws.lastIndexOf(".") - 1), async (at) => {
        const other = jws[at] === "A" ? "B" : "A";
        expect(await outcome(jws.slice(0, at) + other + jws.slice(at + 1))).not.toBe("holds");
      }),
      { numRuns: 60 },
    );
  });

  it("that asks to be verified without a signature is refused", async () => {
    const [, body] = jws.split(".");
    const header = toBase64Url(new TextEncoder().encode(JSON.stringify({ zip: "DEF", alg: "none", kid: key.kid })));
    expect(await outcome(`${header}.${body}.`)).toBe("NotES256");
    expect(await outcome(`${jws.split(".").slice(0, 2).join(".")}.`)).toBe("Forged");
  });

  it("that unpacks to more than a card can hold is refused", async () => {
    const bundle = { resourceType: "Bundle", entry: [{ resource: { resourceType: "Patient", text: "a".repeat(400_000) } }] };
    const bomb = await issueHealthCard({ bundle, issuer: ISSUER, key, now: NOW });
    expect(bomb.length).toBeLessThan(3_000);
    expect(await outcome(bomb)).toBe("NotCompressed");
  });

  it.each([
    ["an issuer that is no address", { issuer: "hospital" }],
    ["an issuer with two forms", { issuer: `${ISSUER}/` }],
    ["nothing on it", { bundle: { resourceType: "Bundle", entry: [] } }],
  ])("with %s is refused", async (_, change) => {
    const card = await issueHealthCard({ bundle: cardBundle(record)!, issuer: ISSUER, key, now: NOW, ...change });
    expect(await outcome(card)).toBe("BadContent");
  });

  it.each([
    ["nothing", "", "NotACard"],
    ["script", "<script>alert(1)</script>", "NotACard"],
    ["digits of no character", "shc:/99", "NotACard"],
    ["an odd number of digits", "shc:/567", "NotACard"],
    ["one of several codes", "shc:/1/2/5676", "Chunked"],
    ["a file of something else", '{"verifiableCredential":"x"}', "NotACard"],
    ["a broken file", '{"verifiableCredential":', "NotACard"],
    ["too many cards", JSON.stringify({ verifiableCredential: Array(17).fill("a.b.c") }), "NotACard"],
  ])("is not found in %s", (_, text, code) => {
    expect(() => parseCards(text)).toThrow(expect.objectContaining({ code }));
  });
});

const FOLDER = "credentials/smart-health-cards";
const issuerKeys = outsideData<{ readonly keys: readonly Es256Key[] }>(
  `${FOLDER}/issuer/spec.smarthealth.cards-examples-issuer-jwks.json`,
)?.keys;
const text = (path: string) => new TextDecoder().decode(outsideBytes(`${FOLDER}/${path}`));

/** The specification's own cards, and those with which its validator is tested. */
const vectors = [
  ["signed/Scenario1Bundle-jws.txt", "holds"],
  ["signed/Scenario1Bundle-qr-code-numeric-value-0.txt", "holds"],
  ["signed/Scenario1Bundle-file.smart-health-card", "holds"],
  ["testdata/test-example-00-d-jws-der-signature.txt", "Forged"],
  ["testdata/test-example-00-d-jws-der-signature-r-neg.txt", "Forged"],
  ["testdata/test-example-00-d-jws-der-signature-s-neg.txt", "Forged"],
  ["testdata/test-example-00-d-jws-invalid-signature.txt", "Forged"],
  ["testdata/test-example-00-d-jws-no_deflate.txt", "NotCompressed"],
  ["testdata/test-example-00-d-jws-no_jws_header_alg.txt", "NotES256"],
  ["testdata/test-example-00-d-jws-no_jws_header_kid.txt", "UnknownKey"],
  ["testdata/test-example-00-d-jws-no_jws_header_zip.txt", "NotCompressed"],
  ["testdata/test-example-00-d-jws-utf8_bom_prefix.txt", "BadContent"],
  ["testdata/test-example-00-e-file-issuer_url_with_trailing_slash.smart-health-card", "BadContent"],
  ["testdata/test-example-00-f-qr-code-numeric-value-0-number-too-big.txt", "NotACard"],
  // White space around a code that was pasted is no part of it.
  ["testdata/test-example-00-f-qr-code-numeric-value-0-trailing_chars.txt", "holds"],
  ["testdata/test-example-00-f-qr-code-numeric-value-0-wrong-multi-chunk.txt", "Chunked"],
  ["testdata/test-example-02-f-qr-code-numeric-value-0-qr_chunk_too_big.txt", "Chunked"],
] as const;

describe.runIf(issuerKeys)("the specification's card", () => {
  it.each(vectors)("%s ends as it says", async (path, expected) => {
    expect(await outcomeOf(text(path))).toBe(expected);
  });

  it("is issued under a thumbprint that the key set has", () => {
    expect(issuerKeys!.length).toBeGreaterThan(1);
    expect(fromBase64Url(issuerKeys![0]!.kid)).toHaveLength(32);
  });
});

async function outcomeOf(content: string): Promise<string> {
  try {
    const [card] = parseCards(content);
    return await outcome(card!, { keys: issuerKeys!, now: NOW });
  } catch (error) {
    if (error instanceof HealthCardError) return error.code;
    throw error;
  }
}

describe("a key file", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it("gives the key that it holds", async () => {
    expect(await readIssuerKey(bytes(JSON.stringify(key)))).toEqual(key);
  });

  it.each([
    ["seed words", () => "abandon ability able about"],
    ["the words of a person", () => JSON.stringify({ words: "abandon ability", name: "Ann Example" })],
    ["a public half", () => JSON.stringify(publicHalf(key))],
    ["another name for the key", () => JSON.stringify({ ...key, kid: "other" })],
    ["nothing", () => "null"],
  ])("of %s gives none, and no error that repeats them", async (_, text) => {
    expect(await readIssuerKey(bytes(text()))).toBeUndefined();
  });
});
