import { createTheme, type MantineColorsTuple } from "@mantine/core";

/**
 * Lapis and gold: ink blue for what can be pressed, one gold point for what is alive. Type is Atkinson Hyperlegible, drawn for readers with low vision, in
 * sizes for people who have their glasses in the other room.
 */
const lapis: MantineColorsTuple = [
  "#eef2ff",
  "#dbe3ff",
  "#b9c7fb",
  "#93a8f5",
  "#6f89ec",
  "#4a66da",
  "#3552cf",
  "#2440b3",
  "#1b2f7a",
  "#14235c",
];
const rust: MantineColorsTuple = [
  "#fdeeec",
  "#fad9d4",
  "#f4b0a7",
  "#ee8577",
  "#e86251",
  "#d8402f",
  "#c23325",
  "#a8261c",
  "#871c14",
  "#65130d",
];

/** Blue instead of Mantine's grey. The fifth is the edge of what can be filled in or chosen: 3 : 1 on every ground. */
const gray: MantineColorsTuple = [
  "#f4f5fa",
  "#e9ecf8",
  "#dde2f3",
  "#c6cde3",
  "#7f89ae",
  "#5a6283",
  "#525a7a",
  "#4d5575",
  "#2f3656",
  "#161b33",
];

/** Night blue instead of Mantine's black, its fifth again the edge. */
const dark: MantineColorsTuple = [
  "#eef1fc",
  "#d3daf3",
  "#b1bada",
  "#939dc2",
  "#5f6ca6",
  "#2e3860",
  "#1c2444",
  "#161d38",
  "#111730",
  "#0d1226",
];

const FONTS =
  '"Atkinson Hyperlegible Next Variable", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';

export const theme = createTheme({
  colors: { dark, gray, lapis, rust },
  primaryColor: "lapis",
  primaryShade: { light: 7, dark: 5 },
  fontFamily: FONTS,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, monospace',
  fontSizes: { xs: "0.8125rem", sm: "0.9375rem", md: "1.0625rem", lg: "1.1875rem", xl: "1.375rem" },
  lineHeights: { xs: "1.45", sm: "1.5", md: "1.55", lg: "1.5", xl: "1.4" },
  headings: {
    fontFamily: FONTS,
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "2.125rem", lineHeight: "1.15" },
      h2: { fontSize: "1.5rem", lineHeight: "1.25" },
      h3: { fontSize: "1.1875rem", lineHeight: "1.35" },
    },
  },
  radius: { xs: "6px", sm: "10px", md: "14px", lg: "20px", xl: "28px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "md" } },
    // A round box would be taken for one of several answers.
    Checkbox: { defaultProps: { radius: "xs" } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    Textarea: { defaultProps: { size: "md" } },
    Select: { defaultProps: { size: "md" } },
  },
});
