import { builtinModules } from "node:module";
import { posix } from "node:path";
import { Visitor } from "vite";
import { folderOf, packages, packageTable } from "./packages.ts";
import { type Finding, findingAt, isTestCode, type Repository, typescriptFiles } from "./repository.ts";

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly offset: number;
}

/** Every import of a file: values, types, re-exports and `import()` of a literal. */
function importsOf(repository: Repository, path: string): Import[] {
  const found: Import[] = [];
  const add = (source: { readonly type: string; readonly value?: unknown; readonly start: number } | null): void => {
    if (source !== null && typeof source.value === "string") found.push({ from: path, specifier: source.value, offset: source.start });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(repository.parse(path).program);
  return found;
}

/** `packages/sdk/src/a.ts` -> `sdk`. */
function packageOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** `@noble/curves/ed25519.js` -> `@noble/curves`. */
function libraryOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** A package imports what its row of the table allows, and never reaches into a neighbour's folder. */
export function* importsFollowTheTable(repository: Repository): Iterable<Finding> {
  const tools = Object.keys(manifest(repository, "package.json").devDependencies ?? {});
  for (const path of [...typescriptFiles(repository, "packages/"), ...typescriptFiles(repository, "apps/")]) {
    for (const { specifier, offset } of importsOf(repository, path)) {
      const complaint = complaintAbout(path, specifier, tools);
      if (complaint !== undefined) yield findingAt(repository, path, offset, complaint);
    }
  }
}

function complaintAbout(path: string, specifier: string, tools: readonly string[]): string | undefined {
  const name = packageOf(path);
  const rules = packages[name];
  if (rules === undefined) return `package ${name} has no row in scripts/tidy/packages.ts`;
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier);
    if (target.startsWith(`${folderOf(name)}/`)) return undefined;
    return `"${specifier}" leaves the package; import @galen/${packageOf(target)} by name`;
  }
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
    if (rules.runsIn === "Node" || isTestCode(path) || isBuildCode(path)) return undefined;
    return `package ${name} runs in ${rules.runsIn.toLowerCase()}; it may not import "${specifier}"`;
  }
  if (specifier.startsWith("@galen/")) {
    const target = specifier.split("/")[1] ?? "";
    const forTests = isTestCode(path) && specifier.startsWith("@galen/ledger/testing/");
    if (target === name || rules.packages.includes(target) || forTests) return undefined;
    return `package ${name} may not import package ${target}`;
  }
  const library = libraryOf(specifier);
  // The bundler gives them to an app; they are no package.
  if (specifier.startsWith("virtual:") && rules.runsIn === "Browsers") return undefined;
  const mayUseTools = isTestCode(path) || isBuildCode(path);
  if (rules.libraries.includes(library) || (mayUseTools && judges(tools).has(library))) return undefined;
  return `package ${name} may not import "${library}"`;
}

/** What makes an app out of its sources runs in Node, with the root's tools. */
function isBuildCode(path: string): boolean {
  return /^apps\/[^/]+\/(build\/|vite\.config\.ts$)/.test(path);
}

/** What a test may bring in to judge by: the root's tools and every library that some package uses. */
function judges(tools: readonly string[]): ReadonlySet<string> {
  return new Set([...tools, ...Object.values(packages).flatMap(({ libraries }) => libraries)]);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifest(repository: Repository, path: string): Manifest {
  return JSON.parse(repository.files.get(path) ?? "{}") as Manifest;
}

/** `package.json` of each package lists exactly what the table allows. */
export function* manifestsFollowTheTable(repository: Repository): Iterable<Finding> {
  for (const [name, rules] of Object.entries(packages)) {
    const path = `${folderOf(name)}/package.json`;
    const listed = Object.keys(manifest(repository, path).dependencies ?? {}).toSorted();
    const allowed = [...rules.libraries, ...rules.packages.map((other) => `@galen/${other}`)].toSorted();
    if (listed.join() === allowed.join()) continue;
    yield {
      path,
      line: 1,
      message: `lists ${listed.join(", ")}; scripts/tidy/packages.ts allows ${allowed.join(", ")}: bring the two together`,
    };
  }
}

/** ARCHITECTURE.md prints the table that is enforced. */
export function* architectureShowsTheTable(repository: Repository): Iterable<Finding> {
  const path = "ARCHITECTURE.md";
  if (repository.files.get(path)?.includes(packageTable())) return;
  yield { path, line: 1, message: `must hold this table, made from scripts/tidy/packages.ts:\n${packageTable()}` };
}

/** No file reaches itself through its imports: what cannot be read top-down cannot be checked top-down. */
export function* noImportCycles(repository: Repository): Iterable<Finding> {
  const targets = new Map(typescriptFiles(repository).map((path) => [path, relativeImports(repository, path)]));
  const done = new Set<string>();
  for (const start of targets.keys()) {
    const cycle = findCycle(start, targets, done);
    if (cycle !== undefined) yield { path: start, line: 1, message: `import cycle: ${cycle.join(" -> ")}` };
  }
}

function relativeImports(repository: Repository, path: string): string[] {
  return importsOf(repository, path)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
}

/** Depth-first walk that remembers what it has seen in `done`; returns the first cycle as a path of files. */
function findCycle(start: string, targets: ReadonlyMap<string, readonly string[]>, done: Set<string>): string[] | undefined {
  const trail: string[] = [];
  const pending = [{ path: start, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const finished of trail.splice(next.depth)) done.add(finished);
    if (trail.includes(next.path)) {
      for (const seen of trail) done.add(seen);
      return [...trail.slice(trail.indexOf(next.path)), next.path];
    }
    if (done.has(next.path)) continue;
    trail.push(next.path);
    for (const target of targets.get(next.path) ?? []) pending.push({ path: target, depth: trail.length });
  }
  for (const finished of trail) done.add(finished);
  return undefined;
}

const modulesFolder = "packages/ledger/src/modules/";

/** A ledger module calls only modules that stand earlier in `modules/index.ts`, through their `index.ts` or `schema.ts`. */
export function* modulesLookBack(repository: Repository): Iterable<Finding> {
  const index = `${modulesFolder}index.ts`;
  if (!repository.files.has(index)) return;
  const order = modulesInOrder(repository.files.get(index)!);
  for (const path of typescriptFiles(repository, modulesFolder)) {
    const own = moduleOf(path);
    if (path === index || isTestCode(path)) continue;
    for (const { specifier, offset } of importsOf(repository, path)) {
      const target = posix.join(posix.dirname(path), specifier);
      const other = moduleOf(target);
      if (!specifier.startsWith(".") || !target.startsWith(modulesFolder) || other === own) continue;
      if (order.indexOf(other) > order.indexOf(own)) {
        yield findingAt(repository, path, offset, `module ${own} may not call ${other}, which stands later in modules/index.ts`);
      } else if (!/\/(index|schema)\.ts$/.test(target)) {
        yield findingAt(repository, path, offset, `import what ${other}/index.ts or ${other}/schema.ts exports`);
      }
    }
  }
}

/** Modules as the lists of the versions name them, the newest version first; imports are sorted by name, so they say nothing of the order. */
function modulesInOrder(text: string): string[] {
  const lists = text.replaceAll(/^import .*$/gm, "");
  return [...new Set([...lists.matchAll(/(\w+)Module\b/g)].map(([, name = ""]) => name))];
}

function moduleOf(path: string): string {
  return path.slice(modulesFolder.length).split("/")[0] ?? "";
}

const facesFolder = "apps/web/src/features/";
/** The one list of the faces. */
const facesList = "apps/web/src/frame/features.ts";

/** A face of the web app imports no other one, and nothing but the list imports a face: what two of them use lies in a folder that says what it is. */
export function* facesStandApart(repository: Repository): Iterable<Finding> {
  for (const path of typescriptFiles(repository, "apps/web/src/")) {
    const own = faceOf(path);
    for (const { specifier, offset } of importsOf(repository, path)) {
      const other = specifier.startsWith(".") ? faceOf(posix.join(posix.dirname(path), specifier)) : undefined;
      if (other === undefined || other === own || path === facesList) continue;
      const complaint = `${own === undefined ? path : `features/${own}`} may not import features/${other}; move what both use beside chart/ or ui/`;
      yield findingAt(repository, path, offset, complaint);
    }
  }
}

function faceOf(path: string): string | undefined {
  return path.startsWith(facesFolder) ? path.slice(facesFolder.length).split("/")[0] : undefined;
}
