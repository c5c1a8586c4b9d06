import { useEffect } from "react";
import { queries } from "../frame/queries.ts";
import { askAnew } from "./asked-anew.ts";
import { useNotices } from "./use-notices.ts";

const topics = ["blocks"] as const;

/** Asks anew whenever a block is sealed. */
export function useLiveBlocks(): void {
  useEffect(() => {
    // What an earlier look at the page has left was true then; what is being asked now will be.
    void queries.invalidateQueries({ queryKey: ["chain", "latest"] }, { cancelRefetch: false });
  }, []);
  useNotices({ topics, hear: askAnew });
}
