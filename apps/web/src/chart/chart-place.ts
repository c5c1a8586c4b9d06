import { createContext, useContext } from "react";

/** Where opened records are shown: to whom, and where a document of them has its page. */
export interface ChartPlace {
  readonly reader: "owner" | "clinician";
  readonly addressOf: (objectId: string) => string;
}

/** The owner's own place, unless a desk says otherwise. */
export const ChartPlaceContext = createContext<ChartPlace>({ reader: "owner", addressOf: (objectId) => `/wallet/records/${objectId}` });

export function useChartPlace(): ChartPlace {
  return useContext(ChartPlaceContext);
}
