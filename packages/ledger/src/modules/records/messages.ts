import { defineMessage } from "../../app/define-module.ts";
import { blobsOfObjects } from "../vault/index.ts";
import { add } from "./handlers.ts";
import { Add } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "records.add",
    summary: "File sealed documents for their owners.",
    schema: Add,
    handle: add,
    blobs: ({ documents }) => blobsOfObjects(documents.map(({ object }) => object)),
  }),
];
