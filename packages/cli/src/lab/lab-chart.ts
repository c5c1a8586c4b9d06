import type { LabResult, PolicyResult } from "./consensus-lab.ts";

interface Panel {
  readonly title: string;
  readonly of: (result: PolicyResult) => number;
  readonly text: (value: number) => string;
}

const grouped = (value: number) => Math.round(value).toLocaleString("en");
const panels: readonly Panel[] = [
  { title: "Finality, ms (less is better)", of: ({ finalityMs }) => finalityMs, text: grouped },
  { title: "Transactions a second, full blocks", of: ({ throughput }) => throughput, text: grouped },
  { title: "Messages for a block", of: ({ messages }) => messages, text: grouped },
  { title: "Hashes tried", of: ({ hashes }) => hashes, text: grouped },
  { title: "Organisations that hold a third", of: ({ nakamoto }) => nakamoto, text: grouped },
  { title: "Concentration of power (Gini)", of: ({ gini }) => gini, text: (value) => value.toFixed(2) },
  { title: "Cost of a third, shares", of: ({ takeover }) => takeover.cost, text: grouped },
  {
    title: "Epochs until a third is had",
    of: ({ takeover }) => takeover.epochs ?? 0,
    text: (value) => (value === 0 ? "never" : grouped(value)),
  },
];

const WIDTH = 880;
const COLUMNS = 2;
const PANEL = { width: WIDTH / COLUMNS, height: 150 };
const HEAD = 64;
/** Four hues that people with any colour vision tell apart (Okabe and Ito, 2008); every bar is named besides. */
const colours = ["#0072b2", "#009e73", "#e69f00", "#cc79a7"] as const;

/** The results as one SVG image, which needs nothing from elsewhere. */
export function labChart(result: LabResult): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const height = HEAD + rows * PANEL.height + 16;
  const drawn = panels.map((panel, at) =>
    panelOf(panel, result.policies, { x: (at % COLUMNS) * PANEL.width, y: HEAD + Math.floor(at / COLUMNS) * PANEL.height }),
  );
  const about = `seed ${result.seed}, ${result.nodes} organisations, ${result.epochs} epochs; the module's own code, a model of the network`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#1a1a1a" role="img">`,
    `<title>Four consensus policies under one load</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="20" y="30" font-size="18" font-weight="bold">Four consensus policies under one load</text>`,
    `<text x="20" y="50" fill="#555555">${escaped(about)}</text>`,
    ...drawn,
    "</svg>",
  ].join("\n");
}

function panelOf(
  { title, of, text }: Panel,
  policies: readonly PolicyResult[],
  { x, y }: { readonly x: number; readonly y: number },
): string {
  const largest = Math.max(...policies.map(of), Number.MIN_VALUE);
  const bars = policies.map((policy, at) => {
    const [value, top] = [of(policy), 28 + at * 26];
    const length = Math.round((value / largest) * (PANEL.width - 210));
    return [
      `<text x="88" y="${top + 14}" text-anchor="end">${policy.policy}</text>`,
      `<rect x="96" y="${top}" width="${length}" height="18" fill="${colours[at]}"/>`,
      `<text x="${102 + length}" y="${top + 14}">${text(value)}</text>`,
    ].join("");
  });
  return `<g transform="translate(${x},${y})"><text x="20" y="16" font-weight="bold">${title}</text>${bars.join("")}</g>`;
}

/** A seed is whatever somebody typed. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
