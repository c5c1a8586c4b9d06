import { LOG_PAGE_BYTES, pageNumber, wholePage, wordOf } from "./bucket-log.ts";
import { type Buckets, isLive, moveBucket, positionOf } from "./buckets.ts";

/**
 * How many bytes the log may hold for each of the latest version. At 2, and with changes spread evenly, four fifths of the oldest page are
 * void when its turn comes (u = (1 - p) / -ln p of all bytes live, p of those on the oldest page: Rosenblum and Ousterhout, 1992).
 */
const ROOM = 2;
/** So many pages are cleaned by one block at most for each that it wrote: what a block deletes makes room bit by bit. */
const PAGES_PER_PAGE = 4;

/**
 * Writes what is left on the oldest pages once more at the end of the log, while it takes more room than it should. Versions before this
 * one still read there what only they have.
 */
export function cleanLog(buckets: Buckets): void {
  const { log } = buckets;
  const written = 1 + pageNumber(log.end) - pageNumber(log.handedOut);
  for (let cleaned = 0; cleaned < PAGES_PER_PAGE * written; cleaned++) {
    const sizeBytes = log.end - log.first * LOG_PAGE_BYTES;
    if (sizeBytes <= ROOM * buckets.liveBytes + log.slackBytes || log.residents.length === 1) return;
    cleanPage(buckets);
  }
}

function cleanPage(buckets: Buckets): void {
  const { log } = buckets;
  const left = log.residents[0]!.filter((bucket) => isLive(buckets, bucket) && pageNumber(positionOf(buckets, bucket)) === log.first);
  if (left.length > 0) {
    const page = wholePage(log, log.first);
    for (const bucket of left) moveBucket(buckets, bucket, page, wordOf(positionOf(buckets, bucket)));
  }
  log.residents.shift();
  log.first += 1;
}
