import { stderr } from "node:process";

/** Shows how far a long piece of work is. It writes to standard error, so that answers stay clean. */
export interface Progress {
  /** A step has come this far; `note` says what is being done. */
  report(done: number, total: number, note: string): void;
  /** Leaves the last state on its own line. */
  end(): void;
}

const BAR_WIDTH = 30;
const REDRAW_MS = 80;
const LINE_MS = 2_000;
/** Share of the work after which a line comes even if it went faster. */
const LINE_SHARE = 0.1;

/** A bar that redraws itself on a terminal, elsewhere a line for every two seconds and every tenth of the work, nothing when `silent`. */
export function createProgress({ silent = false }: { readonly silent?: boolean | undefined } = {}): Progress {
  if (silent) return { report: () => undefined, end: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  let shownShare = 0;
  let pending = "";
  const show = (line: string) => {
    stderr.write(stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    shownAt = performance.now();
    pending = "";
  };
  const isDue = (share: number) => {
    const elapsedMs = performance.now() - shownAt;
    return stderr.isTTY ? elapsedMs >= REDRAW_MS : elapsedMs >= LINE_MS || share >= shownShare + LINE_SHARE;
  };
  return {
    report(done, total, note) {
      pending = `${bar(done, total)} ${done}/${total} ${note}`;
      const share = total === 0 ? 1 : done / total;
      if (!isDue(share)) return;
      show(pending);
      shownShare = share;
    },
    end() {
      if (pending !== "") show(pending);
      if (stderr.isTTY) stderr.write("\n");
    },
  };
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? BAR_WIDTH : Math.round((BAR_WIDTH * done) / total);
  return `[${"#".repeat(filled)}${".".repeat(BAR_WIDTH - filled)}]`;
}
