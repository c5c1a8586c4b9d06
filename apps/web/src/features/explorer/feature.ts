import type { Feature } from "../../frame/feature.ts";

/** The ledger's public side. */
export const explorerFeature: Feature = {
  name: "explorer",
  pages: [{ path: "/explorer", audience: "everybody", load: () => import("./explorer-page.tsx") }],
};
