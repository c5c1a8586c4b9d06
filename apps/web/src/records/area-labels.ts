import { COMPARTMENTS, type Compartment } from "@galen/gateway/fhir/compartment";
import { labelsOf, namedCompartments, type OwnCompartments, ownCompartments } from "@galen/gateway/reading/compartment-labels";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ChartDocument, OpenedChart } from "../chart/chart.ts";
import { compartmentTexts } from "../chart/compartment-texts.ts";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { labelledBy } from "./labelled.ts";
import { useOwnChart } from "./own-chart.ts";

/** The labels of areas of an owner's records, those of authors included. */
export interface AreaLabels {
  /** Whether the own records are still being opened: what lies under labels of authors, their content alone tells. */
  readonly isPending: boolean;
  /** Areas that can be chosen here. */
  readonly known: readonly Compartment[];
  /** Of these areas as far as they can be chosen. */
  labelsOf(areas: readonly Compartment[]): readonly string[];
  /** What a label is called: its area, and whose documents lie there if it is not the area's only one. Undefined for one under which nothing lies. */
  nameOf(label: string): string | undefined;
}

/** The labels of the person's own areas, or of those of somebody for whom the person acts: these as far as what has been opened in this tab tells. */
export function useAreaLabels(owner: string): AreaLabels {
  const own = useOwnCompartments(owner);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const names = useNames();
  const { isPending, ...opened } = useOpenedDocuments(owner);
  const labelled = labelledBy(own, opened);

  function nameOf(label: string): string | undefined {
    const name = own.get(label);
    if (name) return area(name);
    const under = labelled.documents.filter((document) => document.label === label);
    if (under.length === 0) return undefined;
    const areas = [...new Set(under.map(({ compartment }) => compartment))];
    const told = formats.list(areas.map((one) => area(one)));
    if (labelsOf(areas, labelled).length === 1) return told;
    const authors = [...new Set(under.map(({ author }) => names.get(author)?.name ?? shortId(author)))];
    return `${told} · ${formats.list(authors)}`;
  }

  return { isPending, known: namedCompartments(labelled), labelsOf: (areas) => labelsOf(areas, labelled), nameOf };
}

/** What labels stand for. */
export interface KnownAreas {
  readonly areas: readonly Compartment[];
  /** Labels of which nobody here knows what they stand for. */
  readonly unknown: number;
}

/** The areas for which labels of an owner's records stand. The own records are opened only where the own key alone does not tell. */
export function useAreasOf(labels: readonly string[], owner: string): KnownAreas {
  const own = useOwnCompartments(owner);
  const { documents = [] } = useOpenedDocuments(owner, { isWanted: labels.some((label) => !own.has(label)) });
  const found = labels.map((label) => {
    const name = own.get(label);
    const under = documents.filter((document) => document.label === label);
    return name ? [name] : under.map(({ compartment }) => compartment);
  });
  // Labels come in an order of their own.
  const areas = COMPARTMENTS.filter((name) => found.some((one) => one.includes(name)));
  return { areas, unknown: found.filter((one) => one.length === 0).length };
}

export interface OpenedDocuments {
  /** Undefined where they are not open. */
  readonly documents: readonly ChartDocument[] | undefined;
  /** The labels of what does not open. */
  readonly unreadable: readonly string[];
  readonly isPending: boolean;
}

/** The documents of an owner, open in this tab: the own ones are opened if they are wanted, those of somebody else only by a reading that the person asks for. */
export function useOpenedDocuments(owner: string, { isWanted = true }: { readonly isWanted?: boolean } = {}): OpenedDocuments {
  const isOwn = owner === usePerson().own.account;
  const own = useOwnChart({ isWanted: isWanted && isOwn });
  const read = useQuery<OpenedChart>({ queryKey: ["read-chart", owner], enabled: false });
  const { documents, unreadable = [] } = (isOwn ? own.data : read.data) ?? {};
  return { documents, unreadable, isPending: isOwn && own.isPending };
}

/** None of somebody else's: their key is needed to make them. */
function useOwnCompartments(owner: string): OwnCompartments {
  const { own } = usePerson();
  return useMemo(() => (owner === own.account ? ownCompartments(own) : new Map()), [owner, own]);
}
