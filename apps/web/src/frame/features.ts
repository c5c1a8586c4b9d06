import { auditorFeature } from "../features/auditor/feature.ts";
import { checkFeature } from "../features/check/feature.ts";
import { clinicianFeature } from "../features/clinician/feature.ts";
import { credentialsFeature } from "../features/credentials/feature.ts";
import { explorerFeature } from "../features/explorer/feature.ts";
import { hospitalFeature } from "../features/hospital/feature.ts";
import { startFeature } from "../features/start/feature.ts";
import { walletFeature } from "../features/wallet/feature.ts";
import type { Feature } from "./feature.ts";

/** The faces of Galen. A new one is a folder with a `feature.ts`, and a line here; the first desk is for those whose part has none. */
export const features: readonly Feature[] = [
  startFeature,
  walletFeature,
  clinicianFeature,
  hospitalFeature,
  credentialsFeature,
  auditorFeature,
  checkFeature,
  explorerFeature,
];
