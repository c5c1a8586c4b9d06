/** What a package is for and what it may import. The one table: `imports.ts` enforces it, ARCHITECTURE.md prints it. */
export interface PackageRules {
  readonly owns: string;
  readonly leaves: string;
  readonly packages: readonly string[];
  readonly libraries: readonly string[];
  readonly runsIn: "anything" | "Node and browsers" | "Node" | "Browsers";
  /** Where it stands, if not under `packages/`. */
  readonly folder?: string;
}

/** `apps/web` for `web`, `packages/sdk` for `sdk`. */
export function folderOf(name: string): string {
  return packages[name]?.folder ?? `packages/${name}`;
}

export const packages: Readonly<Record<string, PackageRules>> = {
  ledger: {
    owns: "the pure state machine: schema, codec, cryptographic checks, blocks, store with Merkle state, transaction pipeline, modules",
    leaves: "disks, sockets, clocks, randomness, keys, plaintext",
    packages: [],
    libraries: ["@noble/curves", "@noble/hashes", "typebox"],
    runsIn: "anything",
  },
  ristretto255: {
    owns: "the fast provider of ristretto255: curve25519-dalek as WebAssembly, and the crate it is built from",
    leaves: "the verdicts; those are the reference's in the ledger",
    packages: ["ledger"],
    libraries: [],
    runsIn: "Node and browsers",
  },
  custody: {
    owns: "the threshold key: distributed generation, resharing, release shares",
    leaves: "the decision who may read; that is the ledger's entry",
    packages: ["ledger"],
    libraries: ["@noble/curves"],
    runsIn: "Node",
  },
  engines: {
    owns: "the order of transactions: mempool, blocks, headers, commits",
    leaves: "what a transaction does",
    packages: ["ledger"],
    libraries: [],
    runsIn: "Node",
  },
  indexer: {
    owns: "the read model: events to SQL tables, search, aggregates; it can be deleted and rebuilt",
    leaves: "any decision, any proof",
    packages: ["ledger"],
    libraries: ["better-sqlite3", "kysely"],
    runsIn: "Node",
  },
  sdk: {
    owns: "the client: keys, seal and open, sign, submit and wait, query, light client, proof files",
    leaves: "outside standards such as FHIR; files and terminals",
    packages: ["ledger"],
    libraries: ["@noble/curves", "@noble/hashes", "@scure/bip39", "hpke"],
    runsIn: "Node and browsers",
  },
  node: {
    owns: "the only composition root: disk, sockets, blob store, HTTP API, metrics, configuration; starts engine, ledger, indexer and custodian",
    leaves: "rules (ledger), plaintext (clients)",
    packages: ["custody", "engines", "indexer", "ledger", "ristretto255", "sdk"],
    libraries: ["@chainsafe/hashtree", "classic-level", "fastify", "pino", "prom-client", "sodium-native", "typebox"],
    runsIn: "Node",
  },
  gateway: {
    owns: "outside standards at the edge: FHIR bundles to documents and back",
    leaves: "any decision; it is a client like any other",
    packages: ["sdk"],
    libraries: [],
    runsIn: "Node and browsers",
  },
  cli: {
    owns: "the `galen` command: arguments to SDK calls, answers to text or JSON; the sample town",
    leaves: "anything that a program would need too; that is the SDK's",
    packages: ["gateway", "ledger", "node", "sdk"],
    libraries: ["commander", "typebox"],
    runsIn: "Node",
  },
  web: {
    owns: "the app in the browser: desks of patients and others, public check, explorer; keys under a lock, texts in every language",
    leaves: "any rule, any proof; those are the SDK's and the ledger's",
    packages: ["gateway", "ledger", "ristretto255", "sdk"],
    libraries: [
      "@fontsource-variable/atkinson-hyperlegible-next",
      "@mantine/core",
      "@mantine/hooks",
      "@mantine/notifications",
      "@tabler/icons-react",
      "@tanstack/react-query",
      "@tanstack/react-router",
      "react",
      "react-dom",
      "uqr",
      "zxing-wasm",
    ],
    runsIn: "Browsers",
    folder: "apps/web",
  },
};

/** The table as it stands in ARCHITECTURE.md. */
export function packageTable(): string {
  const rows = Object.entries(packages).map(([name, rules]) => {
    const imports = rules.packages.length === 0 ? "no other package" : rules.packages.join(", ");
    const libraries = rules.libraries.length === 0 ? "none" : rules.libraries.map((library) => `\`${library}\``).join(", ");
    return `| \`${folderOf(name)}\` | ${rules.owns} | ${rules.leaves} | ${imports} | ${libraries} | ${rules.runsIn} |`;
  });
  return ["| package | owns | does not own | may import | libraries | runs in |", "| --- | --- | --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}
