/** What the tabs of this browser tell each other. No key and no plaintext is ever among it. */
export type TabNews =
  /** Somebody locked the wallet, or took it out of this browser. */
  | { readonly kind: "locked" | "forgotten"; readonly account: string }
  /** This browser knows a name more. */
  | { readonly kind: "named" };

const channel = new BroadcastChannel("galen");

/** Tells all other tabs. */
export function tellTabs(news: TabNews): void {
  channel.postMessage(news);
}

/** Hears what other tabs tell. Gives the function that ends it. */
export function onTabNews(listener: (news: TabNews) => void): () => void {
  const hear = ({ data }: MessageEvent<TabNews>) => listener(data);
  channel.addEventListener("message", hear);
  return () => channel.removeEventListener("message", hear);
}
