import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { openWebFiles } from "./web-files.ts";

const SCRIPT = `export const text = "${"app ".repeat(200)}";`;
const PAGE = "<!doctype html><title>app</title>";
/** As the build writes them for addresses that have nothing to fill in. */
const [START, CHECK] = ["start", "check"].map((name) => PAGE.replace("app", name)) as [string, string];
const asBrowser = { accept: "text/html,application/xhtml+xml" };

let folder: string;
let network: TestNetwork;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-web-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), PAGE);
  await mkdir(join(folder, "pages"));
  await writeFile(join(folder, "pages/index.html"), START);
  await writeFile(join(folder, "pages/check.html"), CHECK);
  await writeFile(join(folder, "assets/main-1a2b.js"), SCRIPT);
  await writeFile(join(folder, "assets/main-1a2b.js.gz"), gzipSync(SCRIPT));
  await writeFile(join(folder, "assets/main-1a2b.js.br"), brotliCompressSync(SCRIPT));
  network = await startTestNetwork({ webFolder: folder });
});

afterAll(async () => {
  await network.close();
  await rm(folder, { recursive: true, force: true });
});

function get(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET") {
  return fetch(network.node.url + path, { method, headers });
}

describe("the web app beside the API", () => {
  const cases = [
    ["the page at its root", "/", asBrowser, 200, "text/html; charset=utf-8"],
    ["the page at its root, whatever the program", "/", { accept: "*/*" }, 200, "text/html; charset=utf-8"],
    ["the page for a deep link", "/wallet/log?x=1", asBrowser, 200, "text/html; charset=utf-8"],
    ["an asset", "/assets/main-1a2b.js", {}, 200, "text/javascript; charset=utf-8"],
    ["the API", "/v1/status", asBrowser, 200, "application/json; charset=utf-8"],
    ["a wrong address of the API", "/v1/nothing", asBrowser, 404, "application/problem+json; charset=utf-8"],
    ["a deep link for a program", "/wallet", { accept: "application/json" }, 404, "application/problem+json; charset=utf-8"],
    ["an asset of another version", "/assets/main-9f9f.js", asBrowser, 404, "application/problem+json; charset=utf-8"],
    ["a compressed copy by name", "/assets/main-1a2b.js.gz", asBrowser, 404, "application/problem+json; charset=utf-8"],
    ["a smaller copy by name", "/assets/main-1a2b.js.br", asBrowser, 404, "application/problem+json; charset=utf-8"],
    ["a way out of the folder", "/assets/..%2f..%2fgenesis.json", asBrowser, 404, "application/problem+json; charset=utf-8"],
  ] as const;
  it.each(cases)("answers %s", async (_, path, headers, status, type) => {
    const response = await get(path, headers);

    expect([response.status, response.headers.get("content-type")?.replace(/problem\+json$/, "problem+json; charset=utf-8")]).toEqual([
      status,
      type,
    ]);
  });

  it.each([
    ["/", START],
    ["/?next=%2Fwallet", START],
    ["/check", CHECK],
    ["/check#id", CHECK],
    ["/check/", PAGE],
    ["/wallet/log", PAGE],
    ["/..%2fpages/check", PAGE],
  ])("gives %s the page with links to what is shown there, where there is one", async (path, page) => {
    expect(await (await get(path, asBrowser)).text()).toBe(page);
  });

  it("lets the app ask the other nodes, and nobody else", async () => {
    const files = await openWebFiles(folder);
    const answer = files.answer({ method: "GET", url: "/", headers: asBrowser }, ["https://east.example", "https://west.example:8443"])!;
    expect(answer.headers!["content-security-policy"]).toContain("; connect-src 'self' https://east.example https://west.example:8443; ");
    expect((await get("/", asBrowser)).headers.get("content-security-policy")).toContain("; connect-src 'self'; ");
  });

  it("takes no other method", async () => {
    expect((await get("/wallet", asBrowser, "POST")).status).toBe(404);
    const head = await get("/wallet", asBrowser, "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("sends small copies, and nothing that has not changed", async () => {
    const first = await get("/assets/main-1a2b.js", { "accept-encoding": "gzip" });
    const tag = first.headers.get("etag")!;

    expect([first.headers.get("content-encoding"), await first.text()]).toEqual(["gzip", SCRIPT]);
    expect(tag).toBe(`"${createHash("sha256").update(SCRIPT).digest("base64url")}"`);
    expect((await get("/assets/main-1a2b.js", { "if-none-match": tag })).status).toBe(304);
    expect(first.headers.get("cache-control")).toContain("immutable");
    expect((await get("/", asBrowser)).headers.get("cache-control")).toBe("no-cache");
  });

  const accepted = [
    ["the smallest that a browser takes", "gzip, deflate, br, zstd", "br"],
    ["gzip to those without brotli", "gzip, deflate", "gzip"],
    ["the file itself to those that take neither", "identity", null],
    ["no copy that is named inside another word", "xbr, gzipped", null],
    ["no copy that is refused", "br;q=0, gzip;q=0", null],
  ] as const;
  it.each(accepted)("sends %s", async (_, accept, encoding) => {
    const response = await get("/assets/main-1a2b.js", { "accept-encoding": accept });
    expect([response.headers.get("content-encoding"), await response.text()]).toEqual([encoding, SCRIPT]);
  });

  it("forbids inline code, frames of anything but the app's own bytes, and everything from elsewhere", async () => {
    const { headers } = await get("/", asBrowser);
    const policy = headers.get("content-security-policy")!;

    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(/; frame-src blob:;/);
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("says so when there is no app in the folder", async () => {
    await expect(openWebFiles(join(folder, "assets"))).rejects.toThrow(/holds no built web app/);
  });
});
