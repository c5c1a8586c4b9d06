import { type Plugin, parseSync, type Rolldown, Visitor } from "vite";

const FEATURE = /\/src\/features\/\w+\/feature\.ts$/;
const PAGE = "index.html";
/** In which every page is written. Asked for only once a page is drawn, it would move what stands there. */
const FONT = /-latin-wght-normal-[^/]+\.woff2$/;

/**
 * Links the app's page to its font, and writes it once more for each address that has nothing to fill in, with links to what is shown there: `pages/check.html`
 * for `/check`, `pages/index.html` for `/`. The browser then fetches a page's files beside the app's frame instead of after it; a phone waits for each round of requests
 * longer than for their bytes.
 */
export function preloadPages(): Plugin {
  /** Modules by address. */
  const pages = new Map<string, string>();
  return {
    name: "preload-pages",
    apply: "build",
    enforce: "pre",
    async transform(code, id) {
      if (!FEATURE.test(id)) return;
      for (const { path, source } of pagesIn(id, code)) {
        const module = await this.resolve(source, id);
        if (!path.includes("$") && module) pages.set(path, module.id);
      }
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const page = bundle[PAGE];
        if (page?.type !== "asset") throw new Error(`the bundler writes no ${PAGE}`);
        const font = Object.keys(bundle).find((name) => FONT.test(name));
        if (font === undefined) throw new Error("the app has no font");
        page.source = withLinks(page.source, [font]);
        for (const [path, module] of pages) {
          const source = withLinks(page.source, filesOf(bundle, module));
          this.emitFile({ type: "asset", fileName: `pages${path === "/" ? "/index" : path}.html`, source });
        }
      },
    },
  };
}

/** The entries of a feature's `pages`: each names its address and imports its module. */
function pagesIn(id: string, code: string): readonly { readonly path: string; readonly source: string }[] {
  const found: { path: string; source: string }[] = [];
  new Visitor({
    Property({ key, value }) {
      if (key.type !== "Identifier" || key.name !== "pages" || value.type !== "ArrayExpression") return;
      for (const entry of value.elements) {
        const text = code.slice(entry!.start, entry!.end);
        const [path, source] = [/"(\/[^"]*)"/.exec(text)?.[1], /import\("([^"]+)"\)/.exec(text)?.[1]];
        if (path === undefined || source === undefined) throw new Error(`${id}: no address and module in ${text}`);
        found.push({ path, source });
      }
    },
  }).visit(parseSync(id, code).program);
  return found;
}

/** The module's chunk with all that it imports, and their style sheets, without what the frame brings along. */
function filesOf(bundle: Rolldown.OutputBundle, module: string): readonly string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const page = chunks.find(({ moduleIds }) => moduleIds.includes(module));
  if (!page) throw new Error(`no chunk holds ${module}`);
  const needed = new Set([page]);
  for (const { imports } of needed) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName) && !chunk.isEntry) needed.add(chunk);
  }
  const styles = [...needed].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
  return [...new Set([...[...needed].map(({ fileName }) => fileName), ...styles])];
}

function withLinks(page: string | Uint8Array, fileNames: readonly string[]): string {
  return String(page).replace("</head>", `  ${fileNames.map(linkTo).join("\n    ")}\n  </head>`);
}

function linkTo(fileName: string): string {
  return `<link ${kindOf(fileName)} href="/${fileName}">`;
}

/** Style sheets and fonts are asked for in the mode in which they are used, or the browser fetches them a second time. */
function kindOf(fileName: string): string {
  if (fileName.endsWith(".css")) return 'rel="preload" as="style" crossorigin';
  if (fileName.endsWith(".woff2")) return 'rel="preload" as="font" type="font/woff2" crossorigin';
  return 'rel="modulepreload"';
}
