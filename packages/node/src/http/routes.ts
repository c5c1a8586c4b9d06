import type { AnyRoute } from "./route.ts";
import { blobRoutes } from "./routes/blobs.ts";
import { chainRoutes } from "./routes/chain.ts";
import { custodyRoutes } from "./routes/custody.ts";
import { objectRoutes } from "./routes/objects.ts";
import { readModelRoutes } from "./routes/read-model.ts";
import { stateRoutes } from "./routes/state.ts";
import { statusRoutes } from "./routes/status.ts";
import { transactionRoutes } from "./routes/transactions.ts";

/** The API, row by row. */
export const routes: readonly AnyRoute[] = [
  ...statusRoutes,
  ...transactionRoutes,
  ...chainRoutes,
  ...stateRoutes,
  ...blobRoutes,
  ...objectRoutes,
  ...custodyRoutes,
  ...readModelRoutes,
];
