import type { LoggedRelease } from "@galen/sdk/records/release-log";

type Log = AsyncIterable<LoggedRelease>;

/** As many as the SDK has proven by one request. */
const STRETCH = 64;

/** The beginning of a log. */
export async function readStretch(log: Log): Promise<readonly LoggedRelease[]> {
  return readNews(log, () => []);
}

/** What is new in a log, before what is known of it; the beginning where nothing is, or where a chain that was restored goes on otherwise. */
export async function readNews(log: Log, known: () => readonly LoggedRelease[]): Promise<readonly LoggedRelease[]> {
  const [newest] = known();
  const news: LoggedRelease[] = [];
  for await (const entry of log) {
    // Earlier ones may have come in the meantime.
    if (entry.releaseId === newest?.releaseId) return [...news, ...known()];
    news.push(entry);
    const isNew = newest !== undefined && entry.number > newest.number;
    if (!isNew && news.length >= STRETCH) break;
  }
  return news;
}
