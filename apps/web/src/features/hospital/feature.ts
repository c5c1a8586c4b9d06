import { IconFileImport, IconSignature, IconUsersGroup, IconVaccine } from "@tabler/icons-react";
import type { Feature, NavigationItem, Page } from "../../frame/feature.ts";
import { hospitalNavigation } from "./navigation-texts.ts";

const item = (to: string, icon: NavigationItem["icon"], key: string): NavigationItem => ({
  to,
  icon,
  label: { texts: hospitalNavigation, key },
});
const page = (path: string, load: Page["load"]): Page => ({ path, load, audience: "person" });

/** The place of a house that treats: what it files for patients, and who works there. */
export const hospitalFeature: Feature = {
  name: "hospital",
  pages: [
    page("/hospital", () => import("./import-page.tsx")),
    page("/hospital/people", () => import("./people-page.tsx")),
    page("/hospital/cards", () => import("./cards-page.tsx")),
    page("/hospital/cards/$account", () => import("./card-page.tsx")),
    page("/hospital/proposals", () => import("../../proposals/proposals-page.tsx")),
  ],
  desk: {
    parts: ["hospital", "clinic", "family-practice"],
    home: "/hospital",
    navigation: [
      item("/hospital", IconFileImport, "file"),
      item("/hospital/people", IconUsersGroup, "people"),
      item("/hospital/cards", IconVaccine, "cards"),
      item("/hospital/proposals", IconSignature, "proposals"),
    ],
  },
};
