import { type ESTree, Visitor } from "vite";
import { functionsIn } from "./functions.ts";
import { type Finding, findingAt, isTestCode, type Repository, typescriptFiles } from "./repository.ts";

// What the compiler and the linter cannot refuse: they leave `Math.sin`, fractions, locale methods and `await` alone.
const exactMath = new Set(["abs", "ceil", "clz32", "floor", "imul", "max", "min", "sign", "trunc"]);

const bannedMembers: Readonly<Record<string, string>> = {
  localeCompare: "compare code units or bytes: locale data differs between nodes",
  normalize: "Unicode tables differ between versions of Node",
  toExponential: "floats do not decide",
  toFixed: "floats do not decide",
  toLocaleDateString: "locale data differs between nodes",
  toLocaleLowerCase: "locale data differs between nodes",
  toLocaleString: "locale data differs between nodes",
  toLocaleTimeString: "locale data differs between nodes",
  toLocaleUpperCase: "locale data differs between nodes",
  toPrecision: "floats do not decide",
};

/** Opening the store, the durable commit, reading back at start and audits wait for the disk. No handler runs in them. */
const mayWait = /^packages\/ledger\/src\/(store\/|app\/(audit|ledger|machine|replay-window|restore-ledger)\.ts$)/;

/** Names in a self-calling function that show its bound. */
const boundName = /depth|level|height/i;

/** The source of `packages/ledger` gives the same answer on every machine (docs: "Determinism guards"). */
export function* ledgerIsDeterministic(repository: Repository): Iterable<Finding> {
  for (const path of typescriptFiles(repository, "packages/ledger/src/")) {
    if (isTestCode(path)) continue;
    const { program } = repository.parse(path);
    const remarks = [...chanceIn(program, mayWait.test(path)), ...unboundedRecursion(program, repository.files.get(path) ?? "")];
    for (const { offset, message } of remarks) {
      yield findingAt(repository, path, offset, message);
    }
  }
}

interface Remark {
  readonly offset: number;
  readonly message: string;
}

function chanceIn(program: ESTree.Program, waits: boolean): Remark[] {
  const remarks: Remark[] = [];
  const add = (node: ESTree.Span, message: string | undefined): void => {
    if (message !== undefined) remarks.push({ offset: node.start, message });
  };
  new Visitor({
    AwaitExpression: (node) => add(node, waits ? undefined : "a transition is synchronous: no await"),
    ForInStatement: (node) => add(node, "for..in follows insertion order and the prototype: iterate over a sorted list"),
    ForOfStatement: (node) => add(node, node.await && !waits ? "a transition is synchronous: no for await" : undefined),
    Identifier: (node) => add(node, node.name === "parseFloat" ? "floats do not decide" : undefined),
    Literal: (node) => add(node, complaintAboutLiteral(node)),
    MemberExpression: (node) => add(node, complaintAboutMember(node)),
    BinaryExpression: (node) => add(node, complaintAboutPower(node)),
    CallExpression: (node) => add(node, complaintAboutSort(node)),
  }).visit(program);
  return remarks;
}

function complaintAboutLiteral(node: ESTree.Node): string | undefined {
  if (node.type !== "Literal") return undefined;
  if (typeof node.value === "number" && !Number.isSafeInteger(node.value))
    return "not a safe integer: use integers with the unit in the name, or bigint";
  if ("regex" in node && node.regex.pattern.includes("\\p{")) return "Unicode tables differ between versions of Node";
  return undefined;
}

function complaintAboutMember(node: ESTree.MemberExpression): string | undefined {
  if (node.property.type !== "Identifier" || node.computed) return undefined;
  const name = node.property.name;
  if (node.object.type === "Identifier" && node.object.name === "Math") {
    return exactMath.has(name) ? undefined : `Math.${name} is neither exact nor the same everywhere`;
  }
  return Object.hasOwn(bannedMembers, name) ? `.${name}: ${bannedMembers[name]}` : undefined;
}

/** ECMA-262 lets Number::exponentiate approximate. Exact: bigint, and a literal power of two. */
function complaintAboutPower({ operator, left, right }: ESTree.BinaryExpression): string | undefined {
  if (operator !== "**") return undefined;
  const exact = left.type === "Literal" && (typeof left.value === "bigint" || (left.value === 2 && right.type === "Literal"));
  return exact ? undefined : "** on numbers is approximate: shift, or use bigint";
}

function complaintAboutSort(node: ESTree.CallExpression): string | undefined {
  if (node.callee.type !== "MemberExpression" || node.callee.property.type !== "Identifier" || node.arguments.length > 0) return undefined;
  return /^(sort|toSorted)$/.test(node.callee.property.name) ? "give the comparator: the default compares texts" : undefined;
}

/** Deep input must not end in a stack overflow, whose depth differs between nodes. Sees a function that calls itself by name. */
function unboundedRecursion(program: ESTree.Program, text: string): Remark[] {
  const calls: ESTree.IdentifierReference[] = [];
  new Visitor({
    CallExpression: (node) => {
      if (node.callee.type === "Identifier") calls.push(node.callee);
    },
  }).visit(program);
  return functionsIn(program)
    .filter(({ start, end }) => !boundName.test(text.slice(start, end)))
    .filter(({ name, start, end }) => calls.some((call) => call.name === name && call.start > start && call.end < end))
    .map(({ name, start }) => ({ offset: start, message: `${name} calls itself: carry a depth and refuse beyond a limit` }));
}
