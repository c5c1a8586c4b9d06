import type { Feature, Page } from "../../frame/feature.ts";

const page = (path: string, load: Page["load"]): Page => ({ path, load, audience: "everybody" });

/** The ledger's public side. */
export const explorerFeature: Feature = {
  name: "explorer",
  pages: [
    page("/explorer", () => import("./explorer-page.tsx")),
    page("/explorer/blocks/$height", () => import("./block-page.tsx")),
    page("/explorer/transactions/$txHash", () => import("./transaction-page.tsx")),
    page("/explorer/network", () => import("./network-page.tsx")),
    page("/explorer/operator", () => import("./operator-page.tsx")),
  ],
};
