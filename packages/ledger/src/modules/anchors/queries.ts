import { defineQuery } from "../../app/define-module.ts";
import { Anchors, AnchorsBefore } from "./schema.ts";
import { anchors, NETWORK } from "./state.ts";

export const queries = [
  defineQuery({
    name: "anchors.list",
    summary: "Where headers of this chain were published, newest first.",
    parameters: AnchorsBefore,
    result: Anchors,
    run: (ctx, page) => ({
      total: anchors.count(ctx, NETWORK),
      anchors: anchors.newestFirst(ctx, NETWORK, page).map(({ number, value }) => ({ number, ...value })),
    }),
  }),
];
