import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { credentialTypes } from "@galen/sdk/acts/vocabulary";
import { parseSync, Visitor } from "vite";
import { describe, expect, it } from "vitest";
import { type Texts, translate } from "./frame/texts.ts";

const root = import.meta.dirname;
const textFiles = globSync("**/*texts.ts", { cwd: root }).filter((file) => file !== "frame/texts.ts");

async function textsIn(file: string): Promise<readonly Texts[]> {
  const exported = Object.values((await import(join(root, file))) as Record<string, unknown>);
  return exported.filter((value): value is Texts => typeof value === "object" && value !== null && "zh" in value);
}

/** Attributes that people read or hear. */
const spoken = new Set(["alt", "aria-label", "aria-description", "title", "label", "placeholder", "description"]);
/** Letters of any script. Punctuation and signs are no texts. */
const hasLetters = (text: string) => /\p{L}/u.test(text);

function literalTexts(file: string, source = readFileSync(join(root, file), "utf8")): string[] {
  const found: string[] = [];
  const { program } = parseSync(file, source);
  new Visitor({
    JSXText: ({ value }) => void (hasLetters(value) && found.push(value.trim())),
    JSXAttribute: ({ name, value }) => {
      const isSpoken = name.type === "JSXIdentifier" && spoken.has(name.name);
      if (isSpoken && value?.type === "Literal" && typeof value.value === "string" && hasLetters(value.value)) found.push(value.value);
    },
    JSXExpressionContainer: ({ expression }) => {
      if (expression.type === "Literal" && typeof expression.value === "string" && hasLetters(expression.value))
        found.push(expression.value);
    },
  }).visit(program);
  return found;
}

const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** `{{name}}` and the like, in order. */
const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).toSorted(compareText);

describe("texts", () => {
  it.each([
    ["features/auditor/texts.ts", "value"],
    ["features/hospital/texts.ts", "reading"],
    ["features/hospital/texts.ts", "leftOut"],
    ["features/explorer/operator-texts.ts", "finding.custodiansAway"],
    ["features/explorer/operator-texts.ts", "finding.custodiansScarce"],
    ["features/start/recover-texts.ts", "terms"],
  ])("of %s speak of one thing in the singular: %s", async (file, key) => {
    const texts = (await textsIn(file)).find(({ keys }) => keys.includes(`${key}_one`));
    expect(translate(texts!, key, { count: 1 })).toMatch(/\bone\b/i);
  });

  it("finds the files that hold them", () => {
    expect(textFiles.length).toBeGreaterThan(3);
  });

  it.each(textFiles)("of %s are the same in every language, and have the same places", async (file) => {
    const all = await textsIn(file);
    expect(all.length).toBeGreaterThan(0);
    for (const { en, zh } of all) {
      // Chinese counts without a plural: the singular of English has no counterpart.
      expect(Object.keys(zh).toSorted()).toEqual(
        Object.keys(en)
          .filter((key) => !key.endsWith("_one"))
          .toSorted(),
      );
      for (const [key, text] of Object.entries(zh)) {
        expect(text, key).not.toBe("");
        expect(places(text), key).toEqual(places(en[key]!));
      }
    }
  });

  it.each(textFiles)("of %s call a licence in Chinese as the acts do, and nobody who works at a house its owner", async (file) => {
    const licence = credentialTypes["practitioner-licence"]["zh-CN"];
    for (const text of (await textsIn(file)).flatMap(({ zh }) => Object.values(zh))) {
      for (const [called] of text.matchAll(/执业../gu)) expect(called, text).toBe(licence);
      expect(text).not.toMatch(/的所有人(?!员)/u);
    }
  });

  it.each(textFiles)("of %s call voting power in Chinese as the acts do", async (file) => {
    for (const text of (await textsIn(file)).flatMap(({ zh }) => Object.values(zh))) expect(text).not.toContain("投票权");
  });

  it("stand nowhere in the code", () => {
    const literal = globSync("**/*.tsx", { cwd: root }).flatMap((file) => literalTexts(file).map((text) => `${file}: ${text}`));
    expect(literal).toEqual([]);
  });

  it("would be noticed there", () => {
    const source = 'const a = <p>Hello <b aria-label="spoken" className="silent">{"quoted"}</b> · 3 {t("key")}</p>;';
    expect(literalTexts("page.tsx", source)).toEqual(["Hello", "spoken", "quoted"]);
  });
});
