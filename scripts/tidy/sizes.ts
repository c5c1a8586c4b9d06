import { type FunctionSpan, functionsIn } from "./functions.ts";
import { type Finding, findingAt, isTestCode, type Repository, type Rule, typescriptFiles } from "./repository.ts";

/** A file that passes this is asking which two nouns it holds; a test file is a list of cases and may be longer. */
const maxFileLines = 300;
const maxTestFileLines = 500;
/** A function that passes this is asking for its second half's name. Lines of functions inside it are theirs. */
const maxFunctionLines = 40;

/** Today's offenders with their size, by path or `path#function`. A number here may only fall. */
export type Ratchet = Readonly<Record<string, number>>;

interface Size {
  readonly name: string;
  readonly path: string;
  readonly offset: number;
  readonly lines: number;
  readonly limit: number;
}

/** Files and functions stay small; what is listed in the ratchet may shrink, never grow. */
export function sizesStaySmall(ratchet: Ratchet): Rule {
  return function* sizesWithinLimits(repository: Repository): Iterable<Finding> {
    const sizes = typescriptFiles(repository).flatMap((path) => sizesIn(repository, path));
    for (const { name, path, offset, lines, limit } of sizes) {
      const agreed = ratchet[name] ?? limit;
      if (lines > agreed) yield findingAt(repository, path, offset, `${name} has ${lines} lines; the limit is ${agreed}: split it`);
    }
    for (const [name, agreed] of Object.entries(ratchet)) {
      const size = sizes.find((candidate) => candidate.name === name);
      const message = staleEntry(name, agreed, size);
      if (message !== undefined) yield { path: "scripts/tidy-ratchet.json", line: 1, message };
    }
  };
}

function staleEntry(name: string, agreed: number, size: Size | undefined): string | undefined {
  if (size === undefined || size.lines <= size.limit) return `${name} is within its limit now: remove the entry`;
  return size.lines < agreed ? `${name} shrank to ${size.lines} lines: lower the entry from ${agreed}` : undefined;
}

function sizesIn(repository: Repository, path: string): Size[] {
  const text = repository.files.get(path) ?? "";
  const limit = isTestCode(path) ? maxTestFileLines : maxFileLines;
  const file: Size = { name: path, path, offset: 0, lines: linesIn(text.trimEnd()), limit };
  if (isTestCode(path)) return [file];
  const functions = functionsIn(repository.parse(path).program);
  const sizes = functions.map((span) => ({
    name: `${path}#${span.name}`,
    path,
    offset: span.start,
    lines: ownLines(span, functions, text),
    limit: maxFunctionLines,
  }));
  return [file, ...sizes];
}

/** Lines of a function less those of the functions directly inside it, whose first line still counts. */
function ownLines(span: FunctionSpan, all: readonly FunctionSpan[], text: string): number {
  const inside = all.filter((other) => other !== span && contains(span, other));
  const direct = inside.filter((inner) => !inside.some((other) => other !== inner && contains(other, inner)));
  const inner = direct.reduce((sum, { start, end }) => sum + linesIn(text.slice(start, end)) - 1, 0);
  return linesIn(text.slice(span.start, span.end)) - inner;
}

function contains(outer: FunctionSpan, inner: FunctionSpan): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function linesIn(text: string): number {
  return text.split("\n").length;
}
