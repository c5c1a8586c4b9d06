import { arbitraryOf } from "@galen/ledger/testing/arbitrary-of-schema";
import fc from "fast-check";
import type { TSchema } from "typebox";
import { expect, it } from "vitest";
import { rules } from "../client/rules.ts";
import { describeAct } from "./describe-act.ts";
import { actText } from "./describe-body.ts";
import { languages } from "./language.ts";

/** Fields of which no words could tell a signer anything, and why. */
const untold: Readonly<Record<string, readonly string[]>> = {
  "random, or made of what is told": ["salt", "requestPoint", "proof", "capsuleProof", "reasonHash", "nonces"],
  "the bytes of what the signer's own program has sealed": [
    "ciphertext",
    "ownerCapsule",
    "collectiveCapsule",
    "capsulePoint",
    "sizeBucketBytes",
  ],
  "parts of the common key, which the ledger checks": ["commitments", "sealedShares", "share"],
  "the only one that the ledger takes": ["custodians.sealingKey"],
  "a new name, which nobody knows yet": ["grantId of vault.grant", "objectId of vault.seal", "documents.object.objectId"],
  "how many keys must sign, which has tests of its own": ["keys.weight of accounts.rotateKeys", "threshold of accounts.rotateKeys"],
  "seen by the key": ["keyType of accounts.rotateKeys"],
  "of requests, which open nothing by themselves, the first objects and how many": [
    "objectId of vault.request",
    "objectId of emergency.request",
  ],
  "told as messages of their own": ["messages.value", "messagesHash of approvals.approve"],
};

const patterns = Object.values(untold)
  .flat()
  .map((pattern) => pattern.split(" of ") as [field: string, type?: string]);

function isUntold(type: string, path: readonly string[]): boolean {
  const name = `.${path.join(".")}`;
  return patterns.some(([field, of]) => name.endsWith(`.${field}`) && (of === undefined || type.startsWith(of)));
}

interface Keywords {
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly TSchema[];
  readonly items?: TSchema;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly bytes?: { readonly max: number };
}

interface Change {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The value with one field changed, for every field that it has. */
function* changes(schema: TSchema, value: unknown, path: readonly string[] = []): Generator<Change> {
  const { anyOf, items, properties, ...scalar } = schema as Keywords;
  if (anyOf) {
    const variant = anyOf.find((one) => (one as Keywords & { properties: { kind: Keywords } }).properties.kind.const === kindOf(value));
    yield* changes(variant!, value, path);
  } else if (items) {
    const list = value as readonly unknown[];
    for (const [at, item] of list.entries())
      for (const change of changes(items, item, path)) yield { ...change, value: list.with(at, change.value) };
  } else if (properties) {
    const fields = value as Readonly<Record<string, unknown>>;
    for (const [name, field] of Object.entries(properties)) {
      if (fields[name] === undefined) continue;
      for (const change of changes(field, fields[name], [...path, name])) yield { ...change, value: { ...fields, [name]: change.value } };
    }
  } else {
    for (const other of others(scalar, value)) yield { path, value: other };
  }
}

function kindOf(value: unknown): unknown {
  return (value as { readonly kind: unknown }).kind;
}

const MINUTE_MS = 60_000;
let fresh = 0;

/** Another value of a field; none where it can have but one. Times differ by minutes, in which they are told. */
function others({ bytes, minimum, maximum, ...one }: Keywords, value: unknown): readonly unknown[] {
  if (one.const !== undefined) return [];
  if (one.enum) return one.enum.filter((other) => other !== value).slice(0, 1);
  if (bytes)
    return [
      (fresh++)
        .toString(16)
        .padStart(12, "5")
        .padEnd(2 * bytes.max, "5"),
    ];
  if (typeof value === "number") {
    const step = maximum! - minimum! > MINUTE_MS ? MINUTE_MS : 1;
    return [value + step <= maximum! ? value + step : value - step].filter((other) => other >= minimum!);
  }
  // The end: where a text could be cut.
  return typeof value === "string" ? [value.slice(0, -1) + (value.endsWith("x") ? "y" : "x")] : [!(value as boolean)];
}

const rows = [...rules.messages.values()].flatMap((kind) => languages.map((language) => [kind.type, language, kind.schema] as const));

it.each(rows)("%s in %s: whatever field changes, the words do", (type, language, schema) => {
  const told = (value: unknown) => actText(describeAct({ type, value }, { language })).join("\n");
  fc.assert(
    fc.property(arbitraryOf(schema, {}), (value) => {
      const before = told(value);
      const silent = [...changes(schema, value)].filter((change) => !isUntold(type, change.path) && told(change.value) === before);
      expect(silent.map(({ path }) => path.join("."))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
