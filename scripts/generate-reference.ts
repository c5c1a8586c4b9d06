import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { printConfigReference } from "@galen/node/config";
import { printHttpReference } from "@galen/node/http/reference";
import { commandLinePage } from "./reference/command-line.ts";
import { errorsPage } from "./reference/errors.ts";
import { page } from "./reference/markdown.ts";
import { proofFilePage } from "./reference/proof-file.ts";
import { eventsPage, messagesPage, queriesPage } from "./reference/rules.ts";
import { statePage } from "./reference/state.ts";
import { transactionsPage } from "./reference/transactions.ts";

/** Where the pages lie. Nothing else lies there. */
export const referenceFolder = fileURLToPath(new URL("../docs/reference/", import.meta.url));

const INDEX = `# Reference

Made from the code by \`npm run docs\`; \`npm test\` fails when it has drifted.

- [Messages](messages.md): what can be asked of the ledger, with fields and limits
- [Transactions](transactions.md): the bytes in which messages are signed and sent
- [Queries](queries.md): what the state answers exactly
- [Events](events.md): what a block produces
- [State](state.md): the keys and values under the app hash
- [Proof files](proof-file.md): what proves a fact of the ledger to a stranger, byte by byte
- [Refusals](errors.md): every id, with its HTTP status and what to do
- [HTTP API](http-api.md): the routes of a node
- [Configuration](configuration.md): the settings of a node
- [Command line](cli.md): the verbs of \`galen\``;

/** Every page by its file name: the same text on every machine. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["README.md", page(INDEX)],
    ["messages.md", messagesPage()],
    ["transactions.md", transactionsPage()],
    ["queries.md", queriesPage()],
    ["events.md", eventsPage()],
    ["state.md", statePage()],
    ["proof-file.md", proofFilePage()],
    ["errors.md", errorsPage()],
    ["http-api.md", page(printHttpReference())],
    ["configuration.md", page(printConfigReference())],
    ["cli.md", await commandLinePage()],
  ]);
}

if (import.meta.main) {
  const pages = await referencePages();
  rmSync(referenceFolder, { recursive: true, force: true });
  mkdirSync(referenceFolder);
  for (const [name, text] of pages) writeFileSync(`${referenceFolder}${name}`, text);
  console.log(`${pages.size} pages written to docs/reference`);
}
