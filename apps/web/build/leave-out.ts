import { type Plugin, parseSync, Visitor } from "vite";

/** Where the ledger's rules run and are audited, and nothing that a client calls. */
const TRANSITIONS =
  /\/packages\/ledger\/src\/(app\/audit\.ts|modules\/(\w+\/handlers(\.ts|\/)|custody\/conclude\.ts|validators\/(change-set|conduct|found|guard|pools|work)\.ts))/;
/** How nodes answer queries, whose names and schemas a client uses. */
const QUERIES = /\/packages\/ledger\/src\/modules\/\w+\/queries\.ts$/;
/** What an audit checks. */
const INVARIANTS = /\/packages\/ledger\/src\/modules\/\w+\/invariants\.ts$/;
const BODY = '{ throw new Error("the rules of the ledger run in nodes"); }';

/**
 * P-256 signatures of transactions are checked where these are admitted. Validators sign by Ed25519, and so do the accounts of this app; what needs P-256 for health cards
 * brings it along.
 */
const P256 = "@noble/curves/nist.js";
const LEDGER_CRYPTO = /\/packages\/ledger\/src\/crypto\//;
const NO_P256 = 'export const p256 = new Proxy({}, { get() { throw new Error("this app checks no P-256 signatures of transactions"); } });';

/** A part of a module's text, and what stands there in the app. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Leaves the ledger's transitions, answers and invariants, and a curve that it does not use there, out of the app. A client names messages, checks them against their schemas and reads records; it executes nothing, and
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
      const replacements = replacementsIn(id, code);
      if (replacements.length === 0) return undefined;
      // From the end, so that the places before stay where they are.
      const left = replacements.toReversed().reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code);
      return { code: left, map: null };
    },
  };
}

function replacementsIn(id: string, code: string): readonly Replacement[] {
  const found: Replacement[] = [];
  const replace = (node: { readonly start: number; readonly end: number } | null | undefined, text: string) => {
    if (node) found.push({ start: node.start, end: node.end, text });
  };
  const visit = (visitor: ConstructorParameters<typeof Visitor>[0]) => new Visitor(visitor).visit(parseSync(id, code).program);
  if (TRANSITIONS.test(id)) {
    visit({
      ExportNamedDeclaration({ declaration }) {
        if (declaration?.type === "FunctionDeclaration") replace(declaration.body, BODY);
      },
    });
  } else if (QUERIES.test(id)) {
    visit({
      Property({ key, value }) {
        const isRun = key.type === "Identifier" && key.name === "run";
        if (isRun && (value.type === "ArrowFunctionExpression" || value.type === "FunctionExpression")) replace(value.body, BODY);
      },
    });
  } else if (INVARIANTS.test(id)) {
    visit({
      ExportNamedDeclaration({ declaration }) {
        if (declaration?.type === "VariableDeclaration") for (const { init } of declaration.declarations) replace(init, "{}");
      },
    });
  }
  return found;
}
