import { beforeAll, describe, expect, it } from "vitest";
import { expectDone, type TestAccount, testAccount } from "../../testing/actors.ts";
import { testBytes } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import type { Role } from "../accounts/index.ts";
import { ask, sealedObject, sealMessage } from "../vault/testing/scene.ts";
import type { Relation } from "./schema.ts";
import { addMessage as add, foundRecordsTown, type RecordsTown } from "./testing/scene.ts";

type Who = (town: RecordsTown) => TestAccount;
/** A case: what it is refused for, who sends, what. */
type Row = readonly [name: string, refusal: string | undefined, who: Who, what: (town: RecordsTown) => Message];

const objectId = (name: string) => testBytes(`object ${name}`);
const patient: Who = (town) => town.patient;
const hospital: Who = (town) => town.hospital;
const clinician: Who = (town) => town.clinician;
const nurse: Who = (town) => town.nurse;
const daughter: Who = (town) => town.daughter;
const stranger: Who = (town) => town.stranger;
const board: Who = (town) => town.board;

/** A document "first" of the patient and "other" of the neighbour are on file. */
async function withFirst(): Promise<RecordsTown> {
  const town = await foundRecordsTown();
  const { chain, hospital, patient, neighbour } = town;
  await expectDone(
    chain.run(
      hospital,
      add([
        { name: "first", owner: patient },
        { name: "other", owner: neighbour },
      ]),
    ),
  );
  return town;
}

describe("the staff of a member writes", () => {
  const writers: readonly Role[] = ["clinician", "laboratory", "nurse", "pharmacist"];
  const others: readonly Role[] = ["administrator", "auditor", "member", "researcher"];
  it.each([...writers.map((role) => [role, undefined] as const), ...others.map((role) => [role, "records/NotAuthor"] as const)])(
    "as %s: %s",
    async (role, refusal) => {
      const { chain, hospital, auditor, patient } = town;
      const value = { organisation: hospital.account, member: auditor.account, roles: [role] };
      await expectDone(chain.run(hospital, { type: "accounts.setMember", value }));
      expect(refusalOf(chain, [auditor], [add([{ name: role, owner: patient }], hospital)])).toBe(refusal);
    },
  );
  let town: RecordsTown;
  beforeAll(async () => {
    town = await foundRecordsTown();
  });
});

describe("records.add", () => {
  const one = (relation?: Relation) => (town: RecordsTown) => add([{ name: "new", owner: town.patient, ...(relation && { relation }) }]);
  const forHospital = (town: RecordsTown) => add([{ name: "new", owner: town.patient }], town.hospital);
  const rows: readonly Row[] = [
    ["a member organisation", undefined, hospital, one()],
    ["a member organisation that names itself", undefined, hospital, forHospital],
    ["a clinician for the hospital", undefined, clinician, forHospital],
    ["a nurse for the hospital", undefined, nurse, forHospital],
    ["the owner", undefined, patient, one()],
    ["a delegate who may add", undefined, daughter, (town) => add([{ name: "new", owner: town.neighbour }])],
    ["a delegate who may only read", "records/NotAuthor", daughter, one()],
    ["an auditor for the hospital", "records/NotAuthor", (town) => town.auditor, forHospital],
    ["a stranger for the hospital", "records/NotAuthor", stranger, forHospital],
    ["a clinician without naming the hospital", "records/NotAuthor", clinician, one()],
    ["the owner in the name of the hospital", "records/NotAuthor", patient, forHospital],
    ["an organisation that is no member", "records/NotMember", board, (town) => add([{ name: "new", owner: town.patient }], town.board)],
    ["an organisation that is no member, as itself", "records/NotAuthor", board, one()],
    ["a document for nobody", "accounts/UnknownAccount", hospital, () => add([{ name: "new", owner: testAccount("nobody") }])],
    [
      "several owners at once",
      undefined,
      hospital,
      (town) =>
        add([
          { name: "new", owner: town.patient },
          { name: "newer", owner: town.neighbour },
        ]),
    ],
    [
      "the owner for another one, too",
      "records/NotAuthor",
      patient,
      (town) =>
        add([
          { name: "new", owner: town.patient },
          { name: "newer", owner: town.neighbour },
        ]),
    ],
    ["what is on file", "records/AlreadyFiled", hospital, (town) => add([{ name: "first", owner: town.patient }])],
    [
      "a document twice in a message",
      "records/AlreadyFiled",
      hospital,
      (town) =>
        add([
          { name: "new", owner: town.patient },
          { name: "new", owner: town.patient },
        ]),
    ],
    ["what is sealed but no document", "vault/ObjectExists", patient, (town) => add([{ name: "private", owner: town.patient }])],
    ["a replacement", undefined, hospital, one({ kind: "replaces", objectId: objectId("first") })],
    [
      "a correction by somebody else",
      undefined,
      clinician,
      (town) => add([{ name: "new", owner: town.patient, relation: { kind: "corrects", objectId: objectId("first") } }], town.hospital),
    ],
    ["a patient's statement", undefined, patient, one({ kind: "statementOn", objectId: objectId("first") })],
    [
      "a correction of what is in the same message",
      undefined,
      hospital,
      (town) =>
        add([
          { name: "new", owner: town.patient },
          { name: "newer", owner: town.patient, relation: { kind: "corrects", objectId: objectId("new") } },
        ]),
    ],
    [
      "a correction of what comes later",
      "records/UnknownDocument",
      hospital,
      (town) =>
        add([
          { name: "new", owner: town.patient, relation: { kind: "corrects", objectId: objectId("newer") } },
          { name: "newer", owner: town.patient },
        ]),
    ],
    ["a correction of itself", "records/UnknownDocument", hospital, one({ kind: "corrects", objectId: objectId("new") })],
    ["a correction of nothing", "records/UnknownDocument", hospital, one({ kind: "corrects", objectId: objectId("none") })],
    [
      "a statement on what is no document",
      "records/UnknownDocument",
      hospital,
      one({ kind: "statementOn", objectId: objectId("private") }),
    ],
    ["a statement on another's document", "records/ForeignTarget", hospital, one({ kind: "statementOn", objectId: objectId("other") })],
    ["a capsule of another object", "vault/UnprovenCapsule", hospital, ({ patient }) => moved(add([{ name: "new", owner: patient }]))],
  ];

  let town: RecordsTown;
  beforeAll(async () => {
    town = await withFirst();
    await expectDone(town.chain.run(town.patient, sealMessage(sealedObject(town.patient, "private"))));
  });
  it.each(rows)("%s: %s", (_, refusal, who, what) => {
    expect(refusalOf(town.chain, [who(town)], [what(town)])).toBe(refusal);
  });

  it("needs storage receipts for the three blobs of every document", () => {
    const [a, b] = [sealedObject(town.patient, "new"), sealedObject(town.patient, "newer")];
    const { value } = add([
      { name: "new", owner: town.patient },
      { name: "newer", owner: town.patient },
    ]);
    const wanted = [a, b].flatMap((object) => [object.ciphertext, object.ownerCapsule, object.collectiveCapsule]);
    expect(town.chain.ledger.version.messages.get("records.add")!.blobs(value as never)).toEqual(wanted);
  });

  it("files all or none", async () => {
    const result = await town.chain.run(
      town.hospital,
      add([
        { name: "good", owner: town.patient },
        { name: "first", owner: town.patient },
      ]),
    );
    expect(result.refusal?.id).toBe("records/AlreadyFiled");
    expect(refusalOf(town.chain, [town.hospital], [add([{ name: "good", owner: town.patient }])])).toBeUndefined();
  });
});

/** The message with the first document under another id. */
function moved(message: Message): Message {
  const { documents } = message.value as { documents: readonly { object: object }[] };
  return { ...message, value: { documents: [{ ...documents[0]!, object: { ...documents[0]!.object, objectId: objectId("moved") } }] } };
}

describe("the records of an owner", () => {
  interface Listed {
    readonly objectId: string;
    readonly number: number;
    readonly author: string;
    readonly organisation?: string;
    readonly relation: Relation;
  }
  const corrects = (name: string): Relation => ({ kind: "corrects", objectId: objectId(name) });

  it("tell author, organisation, relation and number, and emit them after the sealing", async () => {
    const { chain, clinician, hospital, patient } = await withFirst();
    const { events } = await expectDone(
      chain.run(clinician, add([{ name: "visit", owner: patient, relation: corrects("first") }], hospital)),
    );
    expect(events.map(({ type }) => type)).toEqual(["vault.sealed", "records.added"]);
    const document = {
      objectId: objectId("visit"),
      owner: patient.account,
      author: clinician.account,
      organisation: hospital.account,
      relation: corrects("first"),
      number: 1,
      createdAt: chain.ledger.time,
    };
    expect(events[1]!.data).toEqual(document);
    expect(ask(chain, "records.document", { objectId: objectId("visit") })).toEqual(document);
    expect(ask<{ author: string }>(chain, "vault.object", { objectId: objectId("visit") }).author).toBe(clinician.account);
    expect(() => ask(chain, "records.document", { objectId: objectId("none") })).toThrow("records/UnknownDocument");
  });

  it("are listed newest first, by pages", async () => {
    const { chain, hospital, patient } = await withFirst();
    await expectDone(chain.run(hospital, add(["b", "c", "d"].map((name) => ({ name, owner: patient })))));
    const page = (options: object) =>
      ask<{ total: number; documents: Listed[] }>(chain, "records.ofOwner", { owner: patient.account, ...options });
    const ids = (options: object) => page(options).documents.map((document) => document.objectId);
    expect(page({ limit: 1 }).total).toBe(4);
    expect(ids({ limit: 3 })).toEqual(["d", "c", "b"].map(objectId));
    expect(ids({ limit: 3, before: 1 })).toEqual([objectId("first")]);
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("have a history: all that a document goes back to, and all that refers to it", async () => {
    const { chain, hospital, patient } = await withFirst();
    const filed = (name: string, relation: Relation) => ({ name, owner: patient, relation });
    await expectDone(chain.run(hospital, add([filed("b", corrects("first")), filed("aside", { kind: "none" })])));
    await expectDone(chain.run(patient, add([filed("c", { kind: "statementOn", objectId: objectId("first") })])));
    await expectDone(chain.run(hospital, add([filed("d", { kind: "replaces", objectId: objectId("b") })])));
    const history = (name: string) =>
      ask<{ documents: Listed[] }>(chain, "records.history", { objectId: objectId(name) }).documents.map((one) => one.objectId);
    for (const name of ["first", "b", "c", "d"]) expect(history(name)).toEqual(["first", "b", "c", "d"].map(objectId));
    expect(history("aside")).toEqual([objectId("aside")]);
    await chain.checkInvariants();
  });

  it("show a hundred documents of a longer history, the one that was asked for among them", async () => {
    const { chain, hospital, patient } = await withFirst();
    for (let round = 0; round < 4; round++) {
      const many = Array.from({ length: 30 }, (_, at) => ({ name: `${round}/${at}`, owner: patient, relation: corrects("first") }));
      await expectDone(chain.run(hospital, add(many)));
    }
    const { documents } = ask<{ documents: Listed[] }>(chain, "records.history", { objectId: objectId("0/0") });
    expect(documents.slice(0, 2).map((document) => document.objectId)).toEqual([objectId("first"), objectId("0/0")]);
    expect(documents.length).toBe(100);
  });

  it("show a hundred documents of a long row of corrections, from the one that was asked for back", async () => {
    const { chain, hospital, patient } = await withFirst();
    const names = ["first", ...Array.from({ length: 120 }, (_, at) => `${at}`)];
    for (let from = 1; from < names.length; from += 30) {
      const next = names.slice(from, from + 30);
      await expectDone(
        chain.run(hospital, add(next.map((name, at) => ({ name, owner: patient, relation: corrects(names[from + at - 1]!) })))),
      );
    }
    const { documents } = ask<{ documents: Listed[] }>(chain, "records.history", { objectId: objectId("119") });
    expect(documents.map((document) => document.objectId)).toEqual(names.slice(-100).map(objectId));
  });
});
