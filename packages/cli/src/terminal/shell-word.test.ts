import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { startCommand } from "../network/node-config.ts";
import { shellWord } from "./shell-word.ts";

it.each([
  ["data/wallet", "data/wallet"],
  ["Brisa Testerly", '"Brisa Testerly"'],
  ["my data/wallet", '"my data/wallet"'],
  ["O'Brien", `"O'Brien"`],
  ['$(touch x) "`id`"', `'$(touch x) "\`id\`"'`],
  [`it's $HOME`, `'it'\\''s $HOME'`],
  ["李雷", '"李雷"'],
  ["", '""'],
])("%s is one word to a shell, and nothing in it acts", (text, word) => {
  expect(shellWord(text)).toBe(word);
  expect(execFileSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" })).toBe(text);
});

it("keeps the folder of a node together in the command that starts it", () => {
  expect(startCommand("my node")).toBe('npx galen start --config "my node/galen.config.json" --data "my node"');
});
