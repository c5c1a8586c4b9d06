/** What the story counts; printed as one JSON object. */
export interface StoryReport {
  patients: number;
  documents: number;
  resourcesIn: number;
  /** Resources of the exports that are equal to what went in, number by number, digit by digit. */
  resourcesEqualOut: number;
  grants: number;
  readsAllowed: number;
  /** By reason. */
  readsRefused: Record<string, number>;
  /** Entries in the patients' logs, each compared with what was asked for. */
  releasesLogged: number;
  proofsVerified: number;
  /** Proofs in which something was changed. */
  proofsRefused: number;
  /** Files in the folder that are no bundle about one patient. */
  filesRefused: number;
  secondsTotal: number;
}

/** Counts, and remembers what was not as it must be. */
export interface Notebook {
  readonly report: StoryReport;
  readonly mismatches: readonly string[];
  /** Notes a mismatch unless `holds`. */
  check(holds: boolean, what: string): void;
  refused(reason: string): void;
  /** Tells, with the seconds since the beginning, what begins now: the story takes minutes. */
  begins(chapter: string): void;
}

/** Empty; `tell` hears what is for whoever waits. */
export function createNotebook(tell: (line: string) => void): Notebook {
  const startedAt = performance.now();
  const mismatches: string[] = [];
  const report: StoryReport = {
    patients: 0,
    documents: 0,
    resourcesIn: 0,
    resourcesEqualOut: 0,
    grants: 0,
    readsAllowed: 0,
    readsRefused: {},
    releasesLogged: 0,
    proofsVerified: 0,
    proofsRefused: 0,
    filesRefused: 0,
    secondsTotal: 0,
  };
  return {
    report,
    mismatches,
    check(holds, what) {
      if (!holds) mismatches.push(what);
    },
    refused(reason) {
      report.readsRefused[reason] = (report.readsRefused[reason] ?? 0) + 1;
    },
    begins(chapter) {
      tell(`${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${chapter}`);
    },
  };
}

/** The report as one level, for a table. */
export function reportRows({ readsRefused, ...counts }: StoryReport): Readonly<Record<string, number>> {
  return { ...counts, ...Object.fromEntries(Object.entries(readsRefused).map(([reason, times]) => [`readsRefused ${reason}`, times])) };
}
