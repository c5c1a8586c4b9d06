import { IconEye, IconFileText, IconSettings, IconUsersGroup } from "@tabler/icons-react";
import type { Feature, NavigationItem, Page } from "../../frame/feature.ts";
import { walletNavigation } from "./navigation-texts.ts";

const item = (to: string, icon: NavigationItem["icon"], key: string, leadsTo: readonly string[] = []): NavigationItem => ({
  to,
  leadsTo,
  icon,
  label: { texts: walletNavigation, key },
});
const page = (path: string, load: Page["load"]): Page => ({ path, load, audience: "person" });

const settings = ["/wallet/code", "/wallet/emergency", "/wallet/guardians", "/wallet/help", "/wallet/delegates"];

/** The patient's own place: records, who may see them, who looked. */
export const walletFeature: Feature = {
  name: "wallet",
  pages: [
    page("/wallet", () => import("./records-page.tsx")),
    page("/wallet/records/$objectId", () => import("./document-page.tsx")),
    page("/wallet/access", () => import("./access-page.tsx")),
    page("/wallet/access/new", () => import("./grant-page.tsx")),
    page("/wallet/access/new/$owner", () => import("./grant-page.tsx")),
    page("/wallet/requests", () => import("./requests-page.tsx")),
    page("/wallet/proposals", () => import("../../proposals/proposals-page.tsx")),
    page("/wallet/code", () => import("./code-page.tsx")),
    page("/wallet/log", () => import("./log-page.tsx")),
    page("/wallet/emergency", () => import("./emergency-page.tsx")),
    page("/wallet/guardians", () => import("./guardians-page.tsx")),
    page("/wallet/help", () => import("./help-page.tsx")),
    page("/wallet/delegates", () => import("./delegates-page.tsx")),
    page("/wallet/settings", () => import("./settings-page.tsx")),
  ],
  desk: {
    parts: ["patient", "parent"],
    home: "/wallet",
    navigation: [
      item("/wallet", IconFileText, "records", ["/wallet/records"]),
      item("/wallet/access", IconUsersGroup, "access", ["/wallet/requests"]),
      item("/wallet/log", IconEye, "log"),
      item("/wallet/settings", IconSettings, "settings", settings),
    ],
  },
  companion: () => import("./companion.tsx"),
};
