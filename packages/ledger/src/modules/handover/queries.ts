import { defineQuery } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { Announcement, Nothing } from "./schema.ts";
import { announcement } from "./state.ts";

export const queries = [
  defineQuery({
    name: "handover.announcement",
    summary: "The network in which an ended chain goes on.",
    parameters: Nothing,
    result: Announcement,
    run(ctx) {
      const successor = announcement.get(ctx, "current");
      if (!successor) throw errors.NotAnnounced();
      return successor;
    },
  }),
];
