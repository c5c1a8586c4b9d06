import { posix } from "node:path";
import type { Finding, Repository } from "./repository.ts";

// Written so that this file does not find itself.
const unfinished = /\b(?:TO[D]O|FIX[M]E|HAC[K]|X[X]X)\b/;
const machinePath = /(?<![\w.:~-])\/(?:work|tmp|home|root|Users)\//;
const registryHost = /https?:\/\/(?:[\w.-]*registry\.|[\w.-]*(?:verdaccio|artifactory|nexus))/;

const remarks: readonly (readonly [pattern: RegExp, message: string])[] = [
  [unfinished, "finish it, or file an issue and delete the word"],
  [machinePath, "a path of one machine: take it from a setting, or use the system's temporary folder"],
  [registryHost, "where packages come from is the installer's choice"],
];

/** Nothing unfinished, no path of one machine, no download address. */
export function* textsAreClean(repository: Repository): Iterable<Finding> {
  for (const [path, text] of repository.files) {
    for (const [index, line] of text.split("\n").entries()) {
      for (const [pattern, message] of remarks) {
        const found = pattern.exec(line);
        if (found !== null) yield { path, line: index + 1, message: `"${found[0]}": ${message}` };
      }
    }
  }
}

/** The lock file installs from any registry: `resolved` names workspace folders only, everything else has its integrity. */
export function* lockHasNoAddresses(repository: Repository): Iterable<Finding> {
  const path = "package-lock.json";
  const lock = JSON.parse(repository.files.get(path) ?? "{}") as { packages?: Record<string, LockEntry> };
  for (const [name, entry] of Object.entries(lock.packages ?? {})) {
    if (entry.resolved !== undefined && entry.link !== true) {
      yield { path, line: 1, message: `${name} has a download address: install with the repository's .npmrc` };
    }
    if (name.includes("node_modules/") && entry.link !== true && entry.integrity === undefined) {
      yield { path, line: 1, message: `${name} has no integrity` };
    }
  }
}

interface LockEntry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
}

/** Every relative link of a Markdown file leads to a file or folder, and its anchor to a heading. */
export function* linksResolve(repository: Repository): Iterable<Finding> {
  for (const [path, text] of repository.files) {
    if (!path.endsWith(".md")) continue;
    for (const { line, target } of linksIn(text)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const full = file === "" ? path : posix.join(posix.dirname(path), file).replace(/\/$/, "");
      const exists = repository.files.has(full) || [...repository.files.keys()].some((other) => other.startsWith(`${full}/`));
      if (!exists) yield { path, line, message: `the link to ${target} leads nowhere` };
      const landed = anchor === undefined || !full.endsWith(".md") || anchorsOf(repository.files.get(full) ?? "").has(anchor);
      if (exists && !landed) yield { path, line, message: `${full} has no heading #${anchor}` };
    }
  }
}

function linksIn(text: string): { line: number; target: string }[] {
  const links: { line: number; target: string }[] = [];
  for (const [index, line] of proseLines(text).entries()) {
    const prose = line.replaceAll(/`[^`]*`/g, "");
    for (const found of prose.matchAll(/\]\(([^)\s]+)\)/g)) links.push({ line: index + 1, target: found[1] ?? "" });
  }
  return links;
}

/** The lines of a Markdown text, those inside code fences emptied. */
function proseLines(text: string): string[] {
  let fenced = false;
  return text.split("\n").map((line) => {
    const fence = /^\s*```/.test(line);
    if (fence) fenced = !fenced;
    return fence || fenced ? "" : line;
  });
}

/** Anchors as GitHub makes them: lower case, punctuation dropped, spaces to hyphens. */
function anchorsOf(text: string): Set<string> {
  const headings = proseLines(text).filter((line) => /^#+ /.test(line));
  return new Set(
    headings.map((line) =>
      line
        .replace(/^#+ /, "")
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}
