import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { type Plugin, transformWithOxc } from "vite";

const WORKER = "src/offline/offline-worker.ts";
/** What the app needs to show itself without a network, where one page serves every address; the rest is kept once it was used. */
const SHELL = /^(?!pages\/|.*\.(wasm|png)$)/;
/** Images and fonts are compressed already. */
const COMPRESSIBLE = /\.(js|css|html|svg|wasm|webmanifest)$/;

/**
 * Pins every asset by its SHA-256: in the pages as `integrity`, and in the offline worker, which takes no other bytes for an address. Their sum is the
 * app's fingerprint, which it shows to whoever wants to compare. Writes compressed copies beside the files.
 */
export function pinAssets(): Plugin {
  let root = "";
  return {
    name: "pin-assets",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    // After everything else: what is pinned is what lies on the disk.
    async writeBundle({ dir }) {
      if (dir === undefined) throw new Error("the app is built into a folder");
      for (const page of filesIn(dir).filter((name) => name.endsWith(".html"))) {
        const path = join(dir, page);
        writeFileSync(path, withIntegrity(readFileSync(path, "utf8"), dir));
      }
      writeFileSync(join(dir, "offline-worker.js"), await offlineWorker(root, dir));
      await Promise.all(
        filesIn(dir)
          .filter((name) => COMPRESSIBLE.test(name))
          .map((name) => compress(join(dir, name))),
      );
    },
  };
}

/** Both at their strongest, once: browsers take brotli from secure origins, and gzip from everywhere. */
async function compress(path: string): Promise<void> {
  const content = readFileSync(path);
  const copies = await Promise.all([promisify(brotliCompress)(content), promisify(gzip)(content, { level: 9 })]);
  for (const [index, ending] of ["br", "gz"].entries()) writeFileSync(`${path}.${ending}`, copies[index]!);
}

function filesIn(folder: string): string[] {
  const entries = globSync("**", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
}

async function offlineWorker(root: string, folder: string): Promise<string> {
  const names = filesIn(folder);
  const pins = Object.fromEntries(names.map((name) => [`/${name}`, digest(join(folder, name))]));
  const shell = names.filter((name) => SHELL.test(name)).map((name) => `/${name}`);
  const fingerprint = createHash("sha256").update(JSON.stringify(pins)).digest("hex");
  const { code } = await transformWithOxc(readFileSync(join(root, WORKER), "utf8"), WORKER, { lang: "ts", sourceType: "script" });
  return `const PINS = ${JSON.stringify({ fingerprint, pins, shell })};\n${code}`;
}

function digest(path: string): string {
  return `sha256-${createHash("sha256").update(readFileSync(path)).digest("base64")}`;
}

/** Scripts and styles that a page names carry their hash, so that the browser itself refuses others. */
function withIntegrity(html: string, folder: string): string {
  return html.replaceAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g, (attribute, name: string) => {
    return `${attribute} integrity="${digest(join(folder, name))}"`;
  });
}
