import { type Plugin, parseSync, Visitor } from "vite";

/** Where the ledger's rules run, and nothing that a client calls. */
const TRANSITIONS =
  /\/packages\/ledger\/src\/modules\/(\w+\/(handlers(\.ts|\/)|invariants\.ts)|custody\/conclude\.ts|validators\/(change-set|conduct|found|guard|pools|work)\.ts)/;
const BODY = '{ throw new Error("the rules of the ledger run in nodes"); }';

/**
 * P-256 signatures of transactions are checked where these are admitted. Validators sign by Ed25519, and so do the accounts of this app; what needs P-256 for health cards
 * brings it along.
 */
const P256 = "@noble/curves/nist.js";
const LEDGER_CRYPTO = /\/packages\/ledger\/src\/crypto\//;
const NO_P256 = 'export const p256 = new Proxy({}, { get() { throw new Error("this app checks no P-256 signatures of transactions"); } });';

/**
 * Leaves the ledger's transitions and a curve that it does not use there out of the app. A client names messages, checks them against their schemas and reads records; it executes nothing, and
 * each new module would make it larger. Functions keep their names, and calling one is an error; constants stay.
 */
export function leaveOut(): Plugin {
  return {
    name: "leave-out",
    apply: "build",
    enforce: "pre",
    resolveId: (source, importer = "") => (source === P256 && LEDGER_CRYPTO.test(importer) ? `\0${P256}` : undefined),
    load: (id) => (id === `\0${P256}` ? NO_P256 : undefined),
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
