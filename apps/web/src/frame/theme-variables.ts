import type { CSSVariablesResolver } from "@mantine/core";

/** Surfaces, lines and tones by what they mean. Every text tone keeps 4.5 : 1 on its ground. */
const light = {
  "--mantine-color-body": "#f4f5fa",
  "--mantine-color-text": "#161b33",
  "--mantine-color-dimmed": "#4d5575",
  "--mantine-color-placeholder": "#656d8c",
  "--mantine-color-error": "#a8261c",
  "--mantine-color-default-border": "#c6cde3",
  "--surface": "#ffffff",
  "--surface-deep": "#e9ecf8",
  "--line": "#d9deee",
  "--ink": "#161b33",
  "--ink-soft": "#4d5575",
  "--brand": "#2440b3",
  "--brand-deep": "#1b2f7a",
  "--brand-pale": "#e4e9fd",
  "--good": "#17693f",
  "--good-pale": "#e0f3e8",
  "--warn": "#7a4d00",
  "--warn-pale": "#fdf0d2",
  "--bad": "#a8261c",
  "--bad-pale": "#fdeae7",
  "--shadow": "0 1px 2px rgb(20 35 92 / 6%), 0 8px 24px rgb(20 35 92 / 6%)",
};

const dark = {
  "--mantine-color-body": "#0d1226",
  "--mantine-color-text": "#eef1fc",
  "--mantine-color-dimmed": "#b1bada",
  "--mantine-color-placeholder": "#939dc2",
  "--mantine-color-error": "#ff9d92",
  "--mantine-color-default": "#1c2444",
  "--mantine-color-default-hover": "#252f57",
  "--mantine-color-default-color": "#eef1fc",
  "--mantine-color-default-border": "#46528a",
  "--mantine-color-anchor": "#aebffb",
  "--mantine-color-lapis-light": "#26336a",
  "--mantine-color-lapis-light-hover": "#2d3c7c",
  "--mantine-color-lapis-light-color": "#c9d4ff",
  "--surface": "#161d38",
  "--surface-deep": "#1f2747",
  "--line": "#2e3860",
  "--ink": "#eef1fc",
  "--ink-soft": "#b1bada",
  "--brand": "#aebffb",
  "--brand-deep": "#1b2f7a",
  "--brand-pale": "#26336a",
  "--good": "#83d9a6",
  "--good-pale": "#12372a",
  "--warn": "#f3c969",
  "--warn-pale": "#3b2e10",
  "--bad": "#ff9d92",
  "--bad-pale": "#47191a",
  "--shadow": "0 1px 2px rgb(0 0 0 / 30%)",
};

/** The app's own variables, beside those that Mantine makes of the theme. */
export const variables: CSSVariablesResolver = () => ({
  variables: { "--gold": "#f0b429", "--page-width": "68rem" },
  light,
  dark,
});
