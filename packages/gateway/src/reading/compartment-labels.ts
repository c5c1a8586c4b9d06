import { compartmentLabel, sortedLabels } from "@galen/sdk/keys/compartment-label";
import type { HeldAccount } from "@galen/sdk/transactions/own-account";
import { COMPARTMENTS, type Compartment } from "../fhir/compartment.ts";

/** Where a document lies, and where its content belongs. */
export interface PlacedDocument {
  /** The label under which the ledger has it. */
  readonly label: string;
  readonly compartment: Compartment;
}

/** Labels that follow from the owner's present key, with the compartments that they stand for. */
export type OwnCompartments = ReadonlyMap<string, Compartment>;

export function ownCompartments({ keys }: Pick<HeldAccount, "keys">): OwnCompartments {
  return new Map(COMPARTMENTS.map((name) => [compartmentLabel(keys.compartmentKey, name), name]));
}

interface Labelled {
  /** Empty for somebody who acts for the owner and lacks the owner's key. */
  readonly own: OwnCompartments;
  /** All documents of the owner that open and are not erased. */
  readonly documents: readonly PlacedDocument[];
  /** Labels of documents that do not open. */
  readonly unreadable: readonly string[];
}

/** Compartments that have a label for themselves alone, and can so be chosen: all of the owner's own, others as far as content shows. */
export function namedCompartments(labelled: Labelled): readonly Compartment[] {
  return COMPARTMENTS.filter((name) => coveredBy([name], labelled).length > 0);
}

/**
 * The labels under which the documents of some compartments lie: the owner's own, and foreign ones, of authors who do not know the owner's and of the keys
 * that the owner had before a recovery. What a foreign label stands for is told by the sealed content under it alone. A grant opens labels, though, and an
 * author may file something harmless under a label that another one uses for something else; so a foreign label counts only if everything under it opens
 * and belongs to these compartments. Those that cannot be chosen do not count: nobody has seen them, so they widen nothing. As `sortedLabels` has them.
 */
export function labelsOf(compartments: readonly Compartment[], labelled: Labelled): readonly string[] {
  const named = namedCompartments(labelled);
  return coveredBy(
    compartments.filter((name) => named.includes(name)),
    labelled,
  );
}

function coveredBy(compartments: readonly Compartment[], { own, documents, unreadable }: Labelled): readonly string[] {
  const foreign = Map.groupBy(documents, ({ label }) => label);
  const covered = [...foreign].filter(
    ([label, under]) =>
      !own.has(label) && !unreadable.includes(label) && under.every(({ compartment }) => compartments.includes(compartment)),
  );
  return sortedLabels([...[...own].filter(([, name]) => compartments.includes(name)), ...covered].map(([label]) => label));
}
