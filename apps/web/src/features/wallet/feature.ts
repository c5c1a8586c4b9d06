import { IconEye, IconFileText, IconSettings, IconUsersGroup } from "@tabler/icons-react";
import type { Feature, NavigationItem } from "../../frame/feature.ts";
import { walletNavigation } from "./navigation-texts.ts";

const item = (to: string, icon: NavigationItem["icon"], key: string): NavigationItem => ({
  to,
  icon,
  label: { texts: walletNavigation, key },
});

/** The patient's own place: records, who may see them, who looked. */
export const walletFeature: Feature = {
  name: "wallet",
  pages: [{ path: "/wallet", audience: "person", load: () => import("./records-page.tsx") }],
  desk: {
    parts: ["patient", "parent"],
    home: "/wallet",
    navigation: [
      item("/wallet", IconFileText, "records"),
      item("/wallet/access", IconUsersGroup, "access"),
      item("/wallet/log", IconEye, "log"),
      item("/wallet/settings", IconSettings, "settings"),
    ],
  },
};
