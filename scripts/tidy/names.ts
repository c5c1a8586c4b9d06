import type { Finding, Repository } from "./repository.ts";

// Each of these says that no noun was found.
const vague = new Set(["util", "utils", "helper", "helpers", "common", "manager", "service", "base", "impl", "misc"]);

/** Files and folders are named after the noun that they hold. */
export function* namesSayWhat(repository: Repository): Iterable<Finding> {
  for (const path of repository.files.keys()) {
    if (!/\.(tsx?|js)$/.test(path)) continue;
    const word = path.split(/[/.-]/).find((part) => vague.has(part));
    if (word !== undefined) yield { path, line: 1, message: `"${word}" says nothing: name the file after what it holds` };
  }
}

const modulesFolder = "packages/ledger/src/modules/";

/** What a ledger module consists of; `handlers` may be a file or a folder with a file per message. */
const anatomy = ["README.md", "schema.ts", "errors.ts", "state.ts", "handlers", "queries.ts", "index.ts", "NAME.test.ts", "NAME.model.ts"];

/** Every module folder has the same files, so that whoever has read one knows where to look in the next. */
export function* modulesShareAnAnatomy(repository: Repository): Iterable<Finding> {
  const paths = [...repository.files.keys()].filter((path) => path.startsWith(modulesFolder));
  const inside = paths.map((path) => path.slice(modulesFolder.length).split("/")).filter((parts) => parts.length > 1);
  for (const name of new Set(inside.map(([first]) => first ?? ""))) {
    const has = new Set(inside.filter(([first]) => first === name).map(([, second]) => second?.replace(/^handlers\.ts$/, "handlers")));
    const missing = anatomy.map((file) => file.replace("NAME", name)).filter((file) => !has.has(file));
    if (missing.length > 0) yield { path: modulesFolder + name, line: 1, message: `lacks ${missing.join(", ")}` };
  }
}
