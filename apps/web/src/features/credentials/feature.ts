import { IconCertificate } from "@tabler/icons-react";
import type { Feature } from "../../frame/feature.ts";
import { credentialsNavigation } from "./navigation-texts.ts";

/** The place of those who certify others: licensing bodies, and whomever else the alliance registers. */
export const credentialsFeature: Feature = {
  name: "credentials",
  pages: [{ path: "/credentials", load: () => import("./credentials-page.tsx"), audience: "person" }],
  desk: {
    parts: ["licensing-body"],
    home: "/credentials",
    navigation: [{ to: "/credentials", icon: IconCertificate, label: { texts: credentialsNavigation, key: "credentials" } }],
  },
};
