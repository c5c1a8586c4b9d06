import { IconActivity, IconFingerprint, IconShieldLock, IconUrgent } from "@tabler/icons-react";
import type { Feature, NavigationItem, Page } from "../../frame/feature.ts";
import { auditorNavigation } from "./navigation-texts.ts";

const item = (to: string, icon: NavigationItem["icon"], key: string): NavigationItem => ({
  to,
  icon,
  label: { texts: auditorNavigation, key },
});
const page = (path: string, load: Page["load"]): Page => ({ path, load, audience: "person" });

/** The auditor's place: who reads on the network, on pseudonyms, and what somebody has to look at. */
export const auditorFeature: Feature = {
  name: "auditor",
  pages: [
    page("/auditor", () => import("./reads-page.tsx")),
    page("/auditor/emergencies", () => import("./emergencies-page.tsx")),
    page("/auditor/custodians", () => import("./custodians-page.tsx")),
    page("/auditor/proposals", () => import("../../proposals/proposals-page.tsx")),
    page("/auditor/traces", () => import("./traces-page.tsx")),
  ],
  desk: {
    parts: ["auditor"],
    home: "/auditor",
    navigation: [
      item("/auditor", IconActivity, "reads"),
      item("/auditor/emergencies", IconUrgent, "emergencies"),
      item("/auditor/custodians", IconShieldLock, "custodians"),
      item("/auditor/traces", IconFingerprint, "traces"),
    ],
  },
};
