import { defineRoute } from "../route.ts";

const metrics = defineRoute({
  method: "GET",
  path: "/metrics",
  summary: "What the node counts, for Prometheus.",
  answers: { 200: "Prometheus text format" },
  handle: async ({ metrics: { contentType, text } }) => ({ type: contentType, body: await text() }),
});

export const metricsRoutes = [metrics];
