import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import type { Plugin } from "vite";
import { theme } from "../src/frame/theme.ts";
import { variables } from "../src/frame/theme-variables.ts";

const NAME = "virtual:theme.css";

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
  // Paper is light in every appearance. Twice the pseudo-class, to weigh as much as the rules of an appearance.
  const onPaper = convertCssVariables({ variables: own.light, light: {}, dark: {} }).replace(":root", ":root:root");
  return `${css}\n:root { color-scheme: var(--mantine-color-scheme); }\n@media print { ${onPaper} }\n`;
}
