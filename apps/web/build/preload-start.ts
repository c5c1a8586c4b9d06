import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite";

const START = "/src/features/start/start-page.tsx";

/**
 * Lets the browser fetch the start page's files beside the app's frame instead of after it: who comes first comes there, and a phone waits for each round
 * of requests longer than for their bytes.
 */
export function preloadStart(): Plugin {
  return {
    name: "preload-start",
    apply: "build",
    transformIndexHtml: { order: "post", handler: (_html, { bundle = {} }) => filesOf(bundle).map(preloadTag) },
  };
}

/** The page's chunk with what it imports, and its style sheets, without what the frame brings along. */
function filesOf(bundle: Rolldown.OutputBundle): readonly string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const start = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(START));
  if (!start) throw new Error(`no chunk begins with ${START}`);
  const imported = chunks.filter(({ fileName, isEntry }) => start.imports.includes(fileName) && !isEntry);
  const needed = [start, ...imported];
  const styles = needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
  return [...new Set([...needed.map(({ fileName }) => fileName), ...styles])];
}

function preloadTag(fileName: string): HtmlTagDescriptor {
  const isStyle = fileName.endsWith(".css");
  const attrs = isStyle ? { rel: "preload", as: "style", href: `/${fileName}` } : { rel: "modulepreload", href: `/${fileName}` };
  return { tag: "link", attrs, injectTo: "head" };
}
