import { IconAmbulance, IconSignature, IconStethoscope, IconUserQuestion } from "@tabler/icons-react";
import type { Feature, NavigationItem, Page } from "../../frame/feature.ts";
import { clinicianNavigation } from "./navigation-texts.ts";

const item = (to: string, icon: NavigationItem["icon"], key: string, leadsTo: readonly string[] = []): NavigationItem => ({
  to,
  leadsTo,
  icon,
  label: { texts: clinicianNavigation, key },
});
const page = (path: string, load: Page["load"]): Page => ({ path, load, audience: "person" });

/** The place of those who treat: what patients have opened to them, and what they write down. */
export const clinicianFeature: Feature = {
  name: "clinician",
  pages: [
    page("/clinician", () => import("./patients-page.tsx")),
    page("/clinician/patients/$account", () => import("./record-page.tsx")),
    page("/clinician/patients/$account/documents/$objectId", () => import("./document-page.tsx")),
    page("/clinician/patients/$account/documents/$objectId/co-sign", () => import("./co-sign-ask-page.tsx")),
    page("/clinician/co-sign", () => import("./co-sign-page.tsx")),
    page("/clinician/patients/$account/note", () => import("./note-page.tsx")),
    page("/clinician/patients/$account/prescription", () => import("./prescription-page.tsx")),
    page("/clinician/ask", () => import("./ask-page.tsx")),
    page("/clinician/requests", () => import("./requests-page.tsx")),
    page("/clinician/proposals", () => import("../../proposals/proposals-page.tsx")),
    page("/clinician/emergency", () => import("./emergency-page.tsx")),
  ],
  desk: {
    parts: ["clinician", "nurse", "laboratory", "pharmacist"],
    home: "/clinician",
    navigation: [
      item("/clinician", IconStethoscope, "patients", ["/clinician/patients", "/clinician/co-sign"]),
      item("/clinician/requests", IconUserQuestion, "requests", ["/clinician/ask"]),
      item("/clinician/proposals", IconSignature, "proposals"),
      item("/clinician/emergency", IconAmbulance, "emergency"),
    ],
  },
};
