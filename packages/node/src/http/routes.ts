import { cometRpcRoutes } from "../comet-rpc/route.ts";
import { openApiRoute } from "./openapi.ts";
import type { AnyRoute } from "./route.ts";
import { blobRoutes } from "./routes/blobs.ts";
import { cardIssuerRoutes } from "./routes/card-issuers.ts";
import { chainRoutes } from "./routes/chain.ts";
import { custodyRoutes } from "./routes/custody.ts";
import { eventRoutes } from "./routes/events.ts";
import { historyRoutes } from "./routes/history.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { objectRoutes } from "./routes/objects.ts";
import { peerRoutes } from "./routes/peers.ts";
import { readModelRoutes } from "./routes/read-model.ts";
import { stateRoutes } from "./routes/state.ts";
import { statusRoutes } from "./routes/status.ts";
import { transactionRoutes } from "./routes/transactions.ts";

const table: readonly AnyRoute[] = [
  ...statusRoutes,
  ...transactionRoutes,
  ...chainRoutes,
  ...stateRoutes,
  ...blobRoutes,
  ...peerRoutes,
  ...historyRoutes,
  ...objectRoutes,
  ...custodyRoutes,
  ...readModelRoutes,
  ...cardIssuerRoutes,
  ...eventRoutes,
  ...metricsRoutes,
  ...cometRpcRoutes,
];

/** The API, row by row. */
export const routes: readonly AnyRoute[] = [...table, openApiRoute(table)];
