import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import type { Plugin } from "vite";
import { theme } from "../src/frame/theme.ts";
import { variables } from "../src/frame/theme-variables.ts";

const NAME = "virtual:theme.css";
const GROUND = "--mantine-color-body";

/**
 * The theme's variables as a stylesheet. Mantine would write them into a `<style>` element at run time, which the content security policy of the app
 * refuses.
 */
export function themeCss(): Plugin {
  return {
    name: "theme-css",
    resolveId: (source) => (source === NAME ? `\0${NAME}` : undefined),
    // What would write the element stays out: the app never renders it.
    transform: (_code, id) => {
      const [, name] = /\/(MantineCssVariables|MantineClasses)\.mjs$/.exec(id) ?? [];
      return name === undefined ? undefined : { code: `export const ${name} = () => null;`, map: null };
    },
    load: (id) => (id === `\0${NAME}` ? themeText() : undefined),
    // Nothing stands on the page before the script runs, which alone knows an appearance that was chosen by hand: its first picture waits for that.
    transformIndexHtml: { order: "post", handler: (html) => html.replace('<script type="module"', '$& blocking="render"') },
  };
}

function themeText(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const byDefault = defaultCssVariablesResolver(merged);
  const own = variables(merged);
  const css = convertCssVariables({
    variables: { ...byDefault.variables, ...own.variables },
    light: { ...byDefault.light, ...own.light, "--mantine-color-scheme": "light" },
    dark: { ...byDefault.dark, ...own.dark, "--mantine-color-scheme": "dark" },
  });
  // Until the script says which appearance it is, the empty page goes by the device.
  const ground = (of: Readonly<Record<string, string>>) => `:root:not([data-mantine-color-scheme]) { ${GROUND}: ${of[GROUND]}; }`;
  const beforeScripts = `${ground(own.light)}\n@media (prefers-color-scheme: dark) { ${ground(own.dark)} }`;
  // Paper is light in every appearance. Twice the pseudo-class, to weigh as much as the rules of an appearance.
  const onPaper = convertCssVariables({ variables: own.light, light: {}, dark: {} }).replace(":root", ":root:root");
  return `${css}\n:root { color-scheme: var(--mantine-color-scheme); }\n${beforeScripts}\n@media print { ${onPaper} }\n`;
}
