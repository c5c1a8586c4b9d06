import type { Feature } from "../../frame/feature.ts";

/** The first minute: a person of the sample town, own keys, or none at all. */
export const startFeature: Feature = {
  name: "start",
  pages: [
    { path: "/", audience: "everybody", load: () => import("./start-page.tsx") },
    { path: "/keys/new", audience: "everybody", load: () => import("./new-wallet-page.tsx") },
    { path: "/keys/recover", audience: "everybody", load: () => import("./recover-page.tsx") },
    { path: "/keys/recover/$account", audience: "everybody", load: () => import("./recover-page.tsx") },
    { path: "/keys/restore", audience: "everybody", load: () => import("./restore-page.tsx") },
  ],
};
