import { createProgram } from "@galen/cli/program";
import { EXIT_CODES } from "@galen/cli/terminal/failure";
import type { Command } from "commander";
import { fenced, page } from "./markdown.ts";
import { currentVersion, indexTable } from "./rules.ts";

const INTRODUCTION = `\`npx galen <verb>\`, with the network running. Every verb takes \`--json\`, prints one value then, and says what it needs with \`--help\`.

| in the environment | what it does |
| --- | --- |
| \`GALEN_URL\` | address of the node, as \`--url\` |
| \`GALEN_WALLET\` | folder of the wallet, as \`--wallet\` |
| \`GALEN_PASSPHRASE\` | passphrase of the wallet, where there is no terminal to ask at |
| \`GALEN_FILE_PASSPHRASE\` | passphrase of a key file that is exported or imported, or of a key of health cards, where there is no terminal |
| \`GALEN_LANGUAGE\` | in which acts are told, as \`--language\` |
| \`GALEN_DEBUG\` | \`1\` prints where an error came from |

${EXIT_CODES}. What is refused: [refusals](errors.md).`;

const HELP_WIDTH = 120;

/** `docs/reference/cli.md`. */
export async function commandLinePage(): Promise<string> {
  // A verb shows its defaults as they are in force; the page shows those of an empty environment.
  delete process.env.GALEN_URL;
  delete process.env.GALEN_WALLET;
  const program = await createProgram([]);
  const { modules } = currentVersion;
  const queries = modules.flatMap(({ queries }) => queries);
  const messages = modules.flatMap(({ messages }) => messages.map(({ type, summary }) => ({ name: type, summary })));
  return page(
    "# Command line",
    INTRODUCTION,
    ...program.commands.filter((verb) => !isMadeFromSchemas(verb)).flatMap((verb) => sections(verb)),
    "## galen tx\n\nSends any message of the ledger. Each field is an option (`objectIds` is `--object-ids`), or all of them come as `--value` in JSON;\n`--as` names who signs. An account may be given by its name in the wallet.",
    indexTable(messages, "messages.md"),
    "## galen query\n\nAsks the ledger anything, with the parameters as options or as `--value` in JSON.",
    indexTable(queries, "queries.md"),
  );
}

/** `tx` and `query` have a verb for each message and query; those pages say more than their help would. */
function isMadeFromSchemas(verb: Command): boolean {
  return verb.name() === "tx" || verb.name() === "query";
}

/** A verb, or the verbs of a group. */
function sections(verb: Command, group = "galen"): string[] {
  const name = `${group} ${verb.name()}`;
  if (verb.commands.length === 0) return [`## ${name}`, fenced(helpOf(verb))];
  return verb.commands.flatMap((inner) => sections(inner, name));
}

function helpOf(verb: Command): string {
  let text = "";
  verb.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => HELP_WIDTH,
    getOutHasColors: () => false,
  });
  verb.outputHelp();
  return text.trim();
}
