import { type Plugin, parseSync, Visitor } from "vite";

/** Where the ledger's rules run, and nothing that a client calls. */
const TRANSITIONS =
  /\/packages\/ledger\/src\/modules\/(\w+\/(handlers(\.ts|\/)|invariants\.ts)|custody\/conclude\.ts|validators\/(change-set|conduct|found|guard|pools|work)\.ts)/;
const BODY = '{ throw new Error("the rules of the ledger run in nodes"); }';

/**
 * Leaves the ledger's transitions out of the app. A client names messages, checks them against their schemas and reads records; it executes nothing, and
 * each new module would make it larger. Functions keep their names, and calling one is an error; constants stay.
 */
export function leaveOutHandlers(): Plugin {
  return {
    name: "leave-out-handlers",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!TRANSITIONS.test(id)) return undefined;
      let left = code;
      // From the end, so that the places before stay where they are.
      for (const [start, end] of exportedBodies(id, code).toReversed()) left = left.slice(0, start) + BODY + left.slice(end);
      return { code: left, map: null };
    },
  };
}

function exportedBodies(id: string, code: string): readonly (readonly [start: number, end: number])[] {
  const bodies: (readonly [number, number])[] = [];
  new Visitor({
    ExportNamedDeclaration({ declaration }) {
      if (declaration?.type === "FunctionDeclaration" && declaration.body) bodies.push([declaration.body.start, declaration.body.end]);
    },
  }).visit(parseSync(id, code).program);
  return bodies;
}
