import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { messagesHashOf } from "@galen/ledger/modules/approvals/messages-hash";
import { testAccount } from "@galen/ledger/testing/actors";
import { arbitraryOf } from "@galen/ledger/testing/arbitrary-of-schema";
import { testBytes } from "@galen/ledger/testing/chain";
import { outsideData } from "@galen/ledger/testing/outside-data";
import type { Message } from "@galen/ledger/tx/transaction";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDigits, recoveryIdFor, startRecovery } from "../accounts/recovery.ts";
import { rules } from "../client/rules.ts";
import { custodiansIn } from "../custody/custodian-organisations.ts";
import { type DescribedAct, type DescribeOptions, describeAct, tellings } from "./describe-act.ts";
import { actText, describeBody } from "./describe-body.ts";
import { inert } from "./inert.ts";
import { type Language, languages } from "./language.ts";

const [ann, clara, hospital] = [testBytes("ann"), testBytes("clara"), testBytes("hospital")];
const called: Readonly<Record<string, string>> = { [ann]: "Ann Testerly", [clara]: "Dr. Clara Demo", [hospital]: "General Hospital" };
const names = (id: string) => called[id];
const UNTIL = Date.UTC(2027, 1, 24, 14, 5);

const grant: Message = {
  type: "vault.grant",
  value: {
    grantId: testBytes("grant"),
    owner: ann,
    grantee: { kind: "role", organisation: hospital, role: "nurse" },
    covers: { kind: "everything" },
    purposes: ["TREAT", "ETREAT"],
    from: 0,
    until: UNTIL,
    reads: 2,
    credentialType: "practitioner-licence",
  },
};
const upgrade: Message = { type: "governance.scheduleUpgrade", value: { height: 1_234_567, version: 3 } };
const proposal = {
  proposer: hospital,
  version: 2,
  messages: [grant, upgrade].map((message) => ({ type: message.type, value: bytesToHex(rules.codec.encodeValue(message)) })),
};
const proposalId = testBytes("proposal");
const approval: Message = { type: "approvals.approve", value: { proposalId, messagesHash: messagesHashOf(proposal, portableCrypto) } };

describe("every kind of message of the newest ledger version", () => {
  it("has words, and no words are left of a kind that is gone", () => {
    expect(Object.keys(tellings).toSorted()).toEqual([...rules.messages.keys()].toSorted());
  });

  const rows = [...rules.messages.values()].flatMap((kind) => languages.map((language) => [kind.type, language, kind] as const));
  it.each(rows)("%s in %s: whatever fits its schema is told in full", (type, language, { schema }) => {
    fc.assert(
      fc.property(arbitraryOf(schema, {}), (value) => {
        const text = actText(describeAct({ type, value }, { language })).join("\n");
        expect(text).not.toMatch(/undefined|NaN|\[object|null/);
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        if (language === "zh-CN") expect(text.split("\n")[0]).toMatch(/\p{Script=Han}/u);
      }),
      { numRuns: 20 },
    );
  });
});

describe("words", () => {
  it("of a grant say who, whose, what, why, until when, how often", () => {
    expect(actText(describeAct(grant, { language: "en", names }))).toEqual([
      "Let somebody read records",
      "  Who may read: every nurse at “General Hospital”",
      "  Whose records: “Ann Testerly”",
      "  What it opens: all records, also those that are filed later",
      "  For: treatment, emergency treatment",
      "  Until: 24 February 2027, 14:05 UTC",
      "  How often: at most 2 times",
      "  Only with a valid licence to practise",
      "  No key is handed out. Every reading is logged, and the owner of the records can end this at any time.",
    ]);
    expect(actText(describeAct(grant, { language: "zh-CN", names }))).toEqual([
      "授权他人查看病历",
      "  谁可以查看：“General Hospital” 的所有护士",
      "  谁的病历：“Ann Testerly”",
      "  可以查看：全部病历，包括以后归档的",
      "  用途：治疗、紧急救治",
      "  有效至：2027年2月24日 14:05（UTC）",
      "  次数：最多 2 次",
      "  条件：持有有效的执业资格",
      "  不会交出任何密钥。每次查看都有记录，病历所有人可以随时撤销。",
    ]);
  });

  it.each(languages)(
    "of what delegates and those who ask may sign, too, promise them in %s nothing that the owner alone can do",
    (language) => {
      const allow: Message = { type: "emergency.allow", value: { owner: ann, opens: { kind: "everything" } } };
      const forbid: Message = { type: "emergency.forbid", value: { owner: ann } };
      for (const act of [grant, allow, forbid])
        expect(actText(describeAct(act, { language, names })).join("\n")).not.toMatch(/\byou\b|您/iu);
    },
  );

  it("differ where acts differ", () => {
    const changes = [
      { owner: clara },
      { grantee: { kind: "person", account: clara } },
      { grantee: { kind: "organisation", account: hospital } },
      { grantee: { kind: "role", organisation: hospital, role: "clinician" } },
      { covers: { kind: "objects", ids: [testBytes("a")] } },
      { covers: { kind: "compartments", labels: [testBytes("a")] } },
      { purposes: ["HMARKT"] },
      { from: 1 },
      { until: UNTIL + 60_000 },
      { reads: 3 },
      { reads: undefined },
      { credentialType: undefined },
    ];
    for (const language of languages) {
      const texts = [{}, ...changes].map((change) => {
        const value = { ...(grant.value as object), ...change };
        return actText(describeAct({ ...grant, value }, { language, names })).join("\n");
      });
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  it("of documents say how they stand to earlier ones", () => {
    const [earlier, owner] = [testBytes("earlier"), ann];
    const object = { owner, policy: { compartment: testBytes("label") } };
    const told = (language: "en" | "zh-CN", ...kinds: readonly string[]) => {
      const documents = kinds.map((kind) => ({ object, relation: { kind, ...(kind === "none" ? {} : { objectId: earlier }) } }));
      const known = (id: string) => (id === earlier ? "Visit" : names(id));
      return actText(describeAct({ type: "records.add", value: { documents } }, { language, names: known }));
    };
    expect(told("en", "statementOn")).toContain("  As a statement on: “Visit”");
    expect(told("zh-CN", "statementOn")).toContain("  说明所针对的文档：“Visit”");
    expect(told("en", "none", "replaces", "corrects", "corrects").slice(3, -1)).toEqual([
      "  In place of: “Visit”",
      "  As a correction of: “Visit”",
    ]);
    expect(told("en", "none")).toHaveLength(4);
  });

  it("of a grant name every area, however many stand before it", () => {
    const labels = Array.from({ length: 16 }, (_, at) => testBytes(`label ${at}`));
    const called = (id: string) => (id === labels[15] ? "Psychiatry" : "General");
    const value = { ...(grant.value as object), covers: { kind: "compartments", labels } };
    expect(describeAct({ ...grant, value }, { language: "en", names: called }).lines[2]).toMatch(
      /(“General”, ){15}“Psychiatry”, also later$/,
    );
  });

  it("of a recovery tell the digits that its owner reads to guardians, whoever made the request", () => {
    const request = { account: ann, signingKey: testBytes("key"), recordKey: testBytes("record key") };
    const recoveryId = recoveryIdFor({ crypto: portableCrypto }, request);
    const digits = `Digits that the owner reads to you: ${checkDigits(recoveryId)}`;
    const approve: Message = { type: "accounts.approveRecovery", value: { account: ann, recoveryId } };
    for (const message of [startRecovery(request), approve]) expect(describeAct(message, { language: "en" }).lines).toContain(digits);
    const others = startRecovery({ ...request, recordKey: testBytes("another key") });
    expect(describeAct(others, { language: "en" }).lines).not.toContain(digits);
  });

  it("of what ends a network tell the whole hash: the beginning of one that fits is found in seconds", () => {
    const value = { chainId: "next", successorHash: testBytes("successor") };
    expect(describeAct({ type: "handover.announce", value }, { language: "en" }).lines).toContain(
      `Its founding document: ${testBytes("successor")}`,
    );
  });

  it("of a ceremony name custodians by their organisations, and say whom the ledger ties to none", () => {
    const [own, foreign] = [testBytes("custodian"), testBytes("stranger")];
    const receivers = [own, foreign].map((account) => ({ account, sealingKey: testBytes(`${account} key`) }));
    const value = { purpose: "release", kind: "reshare", threshold: 2, custodians: receivers, windowMs: 60_000 };
    const start: Message = { type: "custody.startCeremony", value };
    const custodians = new Map([[own, hospital]]);
    const told = (options: Partial<DescribeOptions>, language: Language = "en") =>
      describeAct(start, { language, names, ...options }).lines.slice(0, 2);
    const strange = `${foreign.slice(0, 20)}…`;
    expect(told({ custodians })).toEqual([
      "Custodians: those of “General Hospital”",
      `Custodians of whom the ledger does not say whose they are: ${strange}`,
    ]);
    expect(told({ custodians }, "zh-CN")).toEqual(["保管人所属机构：“General Hospital”", `账本未载明所属机构的保管人：${strange}`]);
    expect(told({})[0]).toBe(`Custodians: ${own.slice(0, 20)}…, ${strange}`);
    // An organisation's name under a custodian's own account says nothing of whose custodian it is.
    expect(told({ custodians: new Map(), names: () => "General Hospital" })[0]).toContain("the ledger does not say");
  });

  it("of a ceremony are looked up wherever one is named: alone, proposed, approved", () => {
    const receivers = [{ account: ann, sealingKey: testBytes("key") }];
    const value = { purpose: "release", kind: "generate", threshold: 1, custodians: receivers, windowMs: 60_000 };
    const start: Message = { type: "custody.startCeremony", value };
    const carried = { type: start.type, value: bytesToHex(rules.codec.encodeValue(start)) };
    const propose: Message = { type: "approvals.propose", value: { messages: [carried], asked: [clara], expiresAt: UNTIL } };
    const act = { proposer: hospital, version: 3, messages: [carried] };
    const approve: Message = { type: "approvals.approve", value: { proposalId, messagesHash: messagesHashOf(act, portableCrypto) } };
    expect(custodiansIn([undefined, grant, start, propose])).toEqual([...receivers, ...receivers]);
    expect(custodiansIn([approve], { proposals: () => act })).toEqual(receivers);
    expect(custodiansIn([approve], { proposals: () => ({ ...act, proposer: clara }) })).toEqual([]);
    expect(custodiansIn([approve])).toEqual([]);
  });

  it("of a proposal tell what it carries", () => {
    const value = { messages: proposal.messages, asked: [clara], expiresAt: UNTIL };
    expect(actText(describeAct({ type: "approvals.propose", value }, { language: "en", names }))).toEqual([
      "Propose what stands below",
      "  Asked to approve: “Dr. Clara Demo”",
      "  Until: 24 February 2027, 14:05 UTC",
      "  You approve it by this. It takes effect by itself once enough of those who are asked approve.",
      ...actText(describeAct(grant, { language: "en", names })).map((line, row) => (row === 0 ? `  1. ${line}` : `     ${line}`)),
      "  2. Plan an upgrade of the network's rules",
      "       From block: 1,234,567",
      "       New rules: ledger version 3",
      "       A node without the new version stops before that block.",
    ]);
  });

  it("of an approval tell what is approved, and warn of anything else", () => {
    const told = (found?: typeof proposal): DescribedAct => describeAct(approval, { language: "en", names, proposals: () => found });
    expect(told({ ...proposal, ...{ found: "elsewhere" } }).inside).toHaveLength(2);
    expect(told(proposal).inside.map(({ title }) => title)).toEqual([
      "Let somebody read records",
      "Plan an upgrade of the network's rules",
    ]);
    const lie = { ...proposal, messages: proposal.messages.slice(1) };
    const another = { ...proposal, proposer: clara };
    for (const other of [lie, another]) {
      expect(told(other).inside).toEqual([]);
      expect(told(other).lines.at(-1)).toBe("The proposal that was found is not the one that this approves. Do not sign it.");
    }
    expect(told().lines.at(-1)).toContain("Look at it before you sign");
  });

  it("of a proposal that a node tells as its own content come to an end", () => {
    const decline: Message = { type: "approvals.decline", value: { proposalId } };
    const carried = { type: decline.type, value: bytesToHex(rules.codec.encodeValue(decline)) };
    const proposals = () => ({ ...proposal, messages: [carried] });
    const told = describeAct(decline, { language: "en", proposals });
    expect(told.inside).toHaveLength(1);
    expect(told.inside[0]!.lines.at(-1)).toContain("not known here");
    expect(custodiansIn([decline], { proposals })).toEqual([]);
  });

  it("say so when a kind is unknown, also inside, also one that is named like a property of objects", () => {
    for (const type of ["evil.verb", "constructor", "__proto__", "\u202eevil"]) {
      const told = describeAct({ type, value: {} }, { language: "en" });
      expect([told.title.startsWith("An act of an unknown kind"), told.lines[0]]).toEqual([
        true,
        "This program cannot tell what it does. Do not sign it.",
      ]);
    }
    const value = { messages: [{ type: "vault.grant", value: "00" }], asked: [], expiresAt: UNTIL };
    const told = describeAct({ type: "approvals.propose", value }, { language: "zh-CN" });
    expect(told.inside[0]!.title).toBe("未知类型的操作：“vault.grant”");
  });
});

describe("a body", () => {
  const account = testAccount("somebody");
  const body = {
    chainId: "sample-town",
    signers: [ann, clara],
    expiresAt: UNTIL,
    salt: "0011223344556677",
    messages: [grant, account.create],
  };
  const bytes = rules.codec.encodeBody(body);

  it("is told from the bytes that are signed, under the hash that the ledger knows it by", () => {
    const told = describeBody(bytes, { language: "en", names });
    expect(told.actHash).toBe(bytesToHex(portableCrypto.sha256(bytes)));
    expect(told.acts.map(({ title }) => title)).toEqual(["Let somebody read records", "Create an account for a person"]);
    expect(told.acts[1]!.lines).toContain(`Account: ${account.account.slice(0, 20)}…`);
    expect(told.frame.slice(0, 3)).toEqual([
      "Signed by: “Ann Testerly”, “Dr. Clara Demo”",
      "Network: sample-town",
      "To be sent before: 24 February 2027, 14:05 UTC",
    ]);
    expect(told.frame[3]).toMatch(/^Fingerprint: ([0-9a-f]{4} ?){4}$/);
  });

  it.each([
    ["a byte more", Uint8Array.of(...bytes, 0)],
    ["a byte less", bytes.slice(0, -1)],
    ["nothing", new Uint8Array(0)],
  ])("with %s is not told", (_name, broken) => {
    expect(() => describeBody(broken, { language: "en" })).toThrow(/tx\/(Malformed|InvalidMessage)/);
  });
});

describe("hostile texts", () => {
  const cases: readonly (readonly [name: string, text: string, shown: string])[] = [
    ["turn the direction", "Ann\u202e gnihtyna", "Ann\\u{202e} gnihtyna"],
    ["begin a line", "Ann\nUntil: never", "Ann\\u{a}Until: never"],
    ["begin a line otherwise", "Ann\u2028Until", "Ann\\u{2028}Until"],
    ["steer a terminal", "\u001b[2JAnn", "\\u{1b}[2JAnn"],
    ["are empty to the eye", "\u3164\u200b", "\\u{3164}\\u{200b}"],
    ["are halves of characters", "\ud800", "\\u{d800}"],
    ["pile up marks", `a${"\u0301".repeat(40)}`, `a${"\u0301".repeat(4)}…`],
    ["never end", "a".repeat(500), `${"a".repeat(120)}…`],
    ["are harmless", "Zoë 张三 🩺 👩‍⚕️", "Zoë 张三 🩺 👩‍⚕️"],
  ];
  it.each(cases)("that %s", (_name, text, shown) => {
    expect(inert(text)).toBe(shown);
  });

  it("stay inert as names", () => {
    const text = actText(describeAct(grant, { language: "en", names: () => "\u202eX\nUntil: never" })).join("\n");
    expect(text).not.toMatch(/\u202e|\nUntil: never/);
  });

  it("end no name before its end", () => {
    const text = describeAct(grant, { language: "en", names: () => "Ann” and everybody at “General Hospital" }).lines[1];
    expect(text).toBe('Whose records: “Ann" and everybody at "General Hospital”');
  });

  const naughty = outsideData<string[]>("bad-inputs/naughty-strings.json");
  it.skipIf(!naughty)(`of a list of ${naughty?.length ?? 0} stay inert`, () => {
    for (const text of naughty ?? []) expect(inert(text)).not.toMatch(/(?![\u200c\u200d])[\p{C}\u2028\u2029]/u);
  });
});

describe("how many keys must sign", () => {
  const rows = [
    [[1, 1, 1], 2, "Keys: 2 of 3 must sign", "密钥：共 3 份，须有 2 份签名"],
    [[2, 2, 2], 3, "Keys: 2 of 3 must sign", "密钥：共 3 份，须有 2 份签名"],
    // The first key signs alone.
    [
      [3, 1, 1],
      3,
      "Keys: 3, of weight 3, 1, 1; those that sign must weigh 3 together",
      "密钥：共 3 份，权重为 3、1、1；签名密钥的权重合计须达到 3",
    ],
  ] as const;
  it.each(rows)("of weights %j with the threshold %s: %s", (weights, threshold, english, chinese) => {
    const keys = weights.map((weight, index) => ({ keyType: "ed25519", publicKey: testBytes(`key ${index}`), weight }));
    const value = { account: ann, keys, threshold, recordKey: testBytes("record key") };
    expect(describeAct({ type: "accounts.rotateKeys", value }, { language: "en" }).lines).toContain(english);
    expect(describeAct({ type: "accounts.rotateKeys", value }, { language: "zh-CN" }).lines).toContain(chinese);
  });
});
