import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { queries } from "../../frame/queries.ts";
import { type Draft, emptyDraft } from "./grant-draft.ts";

const DRAFTS = "grant-draft";
// For as long as what was opened with the person's keys, in the tab's memory: it leaves with these.
queries.setQueryDefaults([DRAFTS], { gcTime: Number.POSITIVE_INFINITY });

/** A draft that belongs to its place in the tab's history: who goes back and forward again finds it as it was. `drop` once it was signed. */
export function useKeptDraft(linked: string) {
  const { history } = useRouter();
  // Of the page as it opens: the history is ahead of a page that is about to be left.
  const [queryKey] = useState(() => [DRAFTS, history.location.state.__TSR_key, linked]);
  const [draft, setDraft] = useState(() => queries.getQueryData<Draft>(queryKey) ?? emptyDraft(linked));
  useEffect(() => void queries.setQueryData(queryKey, draft), [queryKey, draft]);
  return { draft, setDraft, drop: () => queries.removeQueries({ queryKey }) };
}
