import { useRouter } from "@tanstack/react-router";
import { useRef, useSyncExternalStore } from "react";

/**
 * What stands behind the hash of a page's address, with the hash, as it was given: the router decodes it, and what is read out of it would be decoded twice. Another
 * link to the same page changes it; on the way to another page it stays.
 */
export function useHash(): string {
  const { history } = useRouter();
  const kept = useRef({ path: location.pathname, hash: location.hash });
  return useSyncExternalStore(history.subscribe, () => {
    if (location.pathname === kept.current.path) kept.current.hash = location.hash;
    return kept.current.hash;
  });
}
