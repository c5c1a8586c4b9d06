import type { Feature } from "../../frame/feature.ts";

/** Whoever holds a proof or an id may check it, without an account. */
export const checkFeature: Feature = {
  name: "check",
  pages: [{ path: "/check", audience: "everybody", load: () => import("./check-page.tsx") }],
};
