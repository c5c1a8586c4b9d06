import type { CodeContent } from "./code-link.ts";
import { type Names, newlyNamed } from "./names.ts";
import { type Contact, saveContact } from "./people-store.ts";

/** Keeps the names of whom a signed act names: who did not sign has believed nobody. The act counts, also where this browser cannot keep a name. */
export async function rememberSigned(people: readonly CodeContent[], names: Names, part?: Contact["part"]): Promise<void> {
  const met = newlyNamed(people, names).map((person) => saveContact({ ...person, ...(part !== undefined && { part }) }));
  await Promise.allSettled(met);
}
