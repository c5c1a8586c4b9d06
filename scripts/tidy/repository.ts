import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ParseResult, parseSync } from "vite";

/** The repository's text files by path (relative, with `/`), and the syntax tree of any TypeScript file in it. */
export interface Repository {
  readonly files: ReadonlyMap<string, string>;
  parse(path: string): ParseResult;
}

/** One place that breaks a rule. `message` says what to do. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export type Rule = (repository: Repository) => Iterable<Finding>;

const ignoredFolders = new Set(["node_modules", ".git", ".cache", "data", "dist", "coverage"]);
const textFile = /\.(ts|tsx|js|py|json|md|sql|sh|yml|yaml|html|css)$|^\.ci\/run$|^LICENSE$/;

const picture = /\.png$/;

export function createRepository(files: Readonly<Record<string, string>>): Repository {
  const byPath = new Map(Object.entries(files));
  const trees = new Map<string, ParseResult>();

  function parse(path: string): ParseResult {
    const known = trees.get(path);
    if (known !== undefined) return known;
    const tree = parseSync(path, textOf(byPath, path));
    if (tree.errors[0] !== undefined) throw new Error(`${path} does not parse: ${tree.errors[0].message}`);
    trees.set(path, tree);
    return tree;
  }

  return { files: byPath, parse };
}

export function readRepository(root: string): Repository {
  const files: Record<string, string> = {};
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !ignoredFolders.has(entry.name)) folders.push(path);
      // Links lead to pictures, too; what is in them is nobody's text.
      if (entry.isFile() && picture.test(path)) files[path] = "";
      if (entry.isFile() && textFile.test(path)) files[path] = readFileSync(join(root, path), "utf8");
    }
  }
  return createRepository(files);
}

/** Paths of the TypeScript files below `folder`, or of all. */
export function typescriptFiles(repository: Repository, folder = ""): string[] {
  return [...repository.files.keys()].filter((path) => path.startsWith(folder) && /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));
}

/** Tests, models and what only they use: they may know Node, chance and the clock. */
export function isTestCode(path: string): boolean {
  return /\.(test|model)\.tsx?$|\/testing\//.test(path);
}

/** The finding at a character offset of a file. */
export function findingAt(repository: Repository, path: string, offset: number, message: string): Finding {
  const line = textOf(repository.files, path).slice(0, offset).split("\n").length;
  return { path, line, message };
}

function textOf(files: ReadonlyMap<string, string>, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`no such file in the repository: ${path}`);
  return text;
}
