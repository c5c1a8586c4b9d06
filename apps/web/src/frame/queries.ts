import { QueryClient } from "@tanstack/react-query";

/**
 * What was asked, for every page. Nothing of it is written anywhere: what was opened leaves with the tab. What can be done without a network is not held back for one.
 * Answers stay as they came: to share parts between two of them, the library would copy numbers that keep their digits as if they were plain objects.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: 1, refetchOnWindowFocus: false, networkMode: "always", structuralSharing: false },
    // What a form was given, such as a passphrase or the words of a wallet, goes with the form.
    mutations: { networkMode: "always", gcTime: 0 },
  },
});
