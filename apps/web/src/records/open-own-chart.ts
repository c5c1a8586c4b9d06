import type { OnUnreadableRecord, OwnedChanges, OwnedRecord } from "@galen/gateway/reading/owned-records";
import { GalenError } from "@galen/sdk/client/galen-error";
import { type ChartDocument, type OpenedChart, readChart } from "../chart/chart.ts";
import { statementOf } from "./statement-of.ts";

/** Somebody's own records, as far as they could be opened. */
export interface OwnChart extends OpenedChart {
  /** Why they are shown as they were opened before: the node gave no answer. */
  readonly away?: GalenError;
  /** This browser did not keep them: without a connection they will not open. */
  readonly isUnkept?: boolean;
}

interface Sources {
  /** What is open in this tab. */
  readonly before: OwnChart | undefined;
  /** Asks the node what has changed since. */
  changes(open: readonly string[], onUnreadable: OnUnreadableRecord): Promise<OwnedChanges>;
  /** What this browser keeps; undefined where nothing was kept. */
  kept(): Promise<readonly ChartDocument[] | undefined>;
  keep(documents: readonly ChartDocument[]): Promise<void>;
}

const awayErrors: readonly string[] = ["client/Unreachable", "client/TimedOut"];

/** Opens what has come since, and keeps all of it. While the node is away, what was opened before. */
export async function openOwnChart(sources: Sources): Promise<OwnChart> {
  try {
    return await openChanged(sources);
  } catch (error) {
    if (!(error instanceof GalenError && awayErrors.includes(error.id))) throw error;
    const chart = sources.before ?? (await keptChart(sources));
    // Nothing was opened before: an empty page would say that there is nothing.
    if (!chart) throw error;
    return { ...chart, away: error };
  }
}

async function openChanged({ before, changes, keep }: Sources): Promise<OwnChart> {
  // Asked anew whenever something is filed: what is open is not fetched again.
  const open = before?.documents ?? [];
  const unreadable: string[] = [];
  const { added, erased } = await changes(
    open.map(({ objectId }) => objectId),
    ({ object }) => unreadable.push(object.policy.compartment),
  );
  const documents = [...open.filter(({ objectId }) => !erased.has(objectId)), ...added.map(documentOf)];
  // A full device keeps nobody from records that are open.
  const isUnkept = await keep(documents).then(
    () => false,
    () => true,
  );
  return { ...readChart(documents), unreadable, isUnkept };
}

async function keptChart({ kept }: Sources): Promise<OwnChart | undefined> {
  const documents = await kept();
  return documents && { ...readChart(documents), unreadable: [] };
}

function documentOf({ objectId, facts, compartment, label, author, relation, content }: OwnedRecord): ChartDocument {
  return { objectId, title: facts.title, day: facts.period?.start, compartment, label, author, ...statementOf(relation), content };
}
