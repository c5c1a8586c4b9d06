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

/** A bar that redraws itself on a terminal, a line now and then elsewhere, nothing when `silent`. */
export function createProgress({ silent = false }: { readonly silent?: boolean | undefined } = {}): Progress {
  if (silent) return { report: () => undefined, end: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  let pending = "";
  const show = (line: string) => {
    stderr.write(stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    shownAt = performance.now();
    pending = "";
  };
  return {
    report(done, total, note) {
      pending = `${bar(done, total)} ${done}/${total} ${note}`;
      if (performance.now() - shownAt >= (stderr.isTTY ? REDRAW_MS : LINE_MS)) show(pending);
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
