import { defineMessage } from "../../app/define-module.ts";
import { record } from "./handlers.ts";
import { Publication } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "anchors.record",
    summary: "State where outside the network the header of a block was published; by a member organisation.",
    schema: Publication,
    handle: record,
  }),
];
