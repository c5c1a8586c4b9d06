import { type ESTree, Visitor } from "vite";

/** A function with a body: its name (that of the variable or property that holds it, else "callback") and its span of characters. */
export interface FunctionSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** All functions of a file, outer before inner. */
export function functionsIn(program: ESTree.Program): FunctionSpan[] {
  const names = new Map<number, string>();
  const found: FunctionSpan[] = [];
  const name = (key: ESTree.Node, value: ESTree.Node | null): void => {
    if (value !== null && key.type === "Identifier") names.set(value.start, key.name);
  };
  const add = (node: ESTree.Function | ESTree.ArrowFunctionExpression): void => {
    if (node.body !== null) found.push({ name: node.id?.name ?? names.get(node.start) ?? "callback", start: node.start, end: node.end });
  };
  new Visitor({
    VariableDeclarator: (node) => name(node.id, node.init),
    Property: (node) => name(node.key, node.value),
    MethodDefinition: (node) => name(node.key, node.value),
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: add,
  }).visit(program);
  return found;
}
