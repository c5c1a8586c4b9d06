import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { Answer } from "./route.ts";

/** A built web app, served from memory: a few megabytes, read once. */
export interface WebFiles {
  /**
   * The file at the address, or the app's page for a person's navigation. Undefined for everything else: that is the API's to answer.
   *
   * @param nodes origins of the other nodes, whose custodians the app asks
   */
  answer(request: WebRequest, nodes: Iterable<string>): Answer | undefined;
}

export interface WebRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface WebFile {
  readonly body: Buffer;
  /** The same, compressed by the build, the smallest first; none where that gains nothing. */
  readonly copies: readonly { readonly encoding: Encoding; readonly body: Buffer }[];
  readonly type: string;
  readonly tag: string;
}

/** RFC 7932 and RFC 1952, by the ending of the build's files. */
const encodings = { ".br": "br", ".gz": "gzip" } as const;
type Encoding = (typeof encodings)[keyof typeof encodings];

const PAGE = "/index.html";
/** The same with links to what an address shows, where the build wrote one. */
const pageAt = (path: string) => `/pages${path === "/" ? "/index" : path}.html`;

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** No inline code, nothing from elsewhere but what other nodes answer, no frame around it. WebAssembly reads barcodes; a frame shows a PDF that the app has opened. */
const contentSecurityPolicy = (nodes: Iterable<string>) => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "frame-src blob:",
  ["connect-src 'self'", ...nodes].join(" "),
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

const securityHeaders: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Reads the folder of a built web app. Throws Error with a sentence when there is none. */
export async function openWebFiles(folder: string): Promise<WebFiles> {
  const files = await readFiles(folder);
  const page = files.get(PAGE);
  if (!page)
    throw new Error(`the folder ${folder} holds no built web app (index.html is missing); build it again, or set webFolder to "none"`);
  return {
    answer({ method, url, headers }, nodes) {
      if (method !== "GET" && method !== "HEAD") return undefined;
      const path = url.split(/[?#]/, 1)[0]!;
      const file = files.get(path) ?? (isNavigation(path, headers.accept) ? (files.get(pageAt(path)) ?? page) : undefined);
      return file && fileAnswer(path, file, { headers, policy: contentSecurityPolicy(nodes).join("; ") });
    },
  };
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, WebFile>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const bodies = new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
  const files = paths
    .filter((path) => !(extname(path) in encodings))
    .map((path) => [addressOf(folder, path), fileOf(path, bodies)] as const);
  return new Map(files);
}

function addressOf(folder: string, path: string): string {
  return path.slice(folder.length).split(sep).join("/");
}

function fileOf(path: string, bodies: ReadonlyMap<string, Buffer>): WebFile {
  const body = bodies.get(path)!;
  const tag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const copies = Object.entries(encodings).flatMap(([ending, encoding]) => {
    const copy = bodies.get(path + ending);
    return copy ? [{ encoding, body: copy }] : [];
  });
  return { body, copies, type: types[extname(path)] ?? "application/octet-stream", tag };
}

/** A person who opens a link of the app. A program that asks the API at a wrong address must not get a page for an answer. */
function isNavigation(path: string, accept: string | string[] | undefined): boolean {
  if (path === "/") return true;
  const isApi = /^\/(v1|metrics)(\/|$)/.test(path);
  return !isApi && !extname(path) && String(accept ?? "").includes("text/html");
}

function fileAnswer(
  path: string,
  { body, copies, type, tag }: WebFile,
  { headers, policy }: Pick<WebRequest, "headers"> & { readonly policy: string },
): Answer {
  // The names of assets hold the hash of their content, so they never change; everything else is asked for again.
  const caching = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  const common = { ...securityHeaders, "content-security-policy": policy, "cache-control": caching, etag: tag, vary: "accept-encoding" };
  if (headers["if-none-match"] === tag) return { status: 304, type, body: "", headers: common };
  const accepted = String(headers["accept-encoding"] ?? "").split(/\s*,\s*/);
  const copy = copies.find(({ encoding }) => accepted.includes(encoding));
  return copy ? { type, body: copy.body, headers: { ...common, "content-encoding": copy.encoding } } : { type, body, headers: common };
}
