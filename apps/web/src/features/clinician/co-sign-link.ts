/** A document that a colleague is asked to co-sign. */
export interface CoSignLink {
  /** Account of the patient. */
  readonly owner: string;
  readonly objectId: string;
}

const PATH = "/clinician/co-sign";

/** The link that leads a colleague to a document at her own desk. It opens nothing, and stands behind the hash, so that it stays in the browser and out of every log of the server. */
export function coSignLink({ owner, objectId }: CoSignLink, origin: string): string {
  const url = new URL(PATH, origin);
  url.hash = new URLSearchParams({ patient: owner, document: objectId }).toString();
  return url.href;
}

/** What such a link names; undefined for another one. */
export function parseCoSignLink(hash: string): CoSignLink | undefined {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const [owner, objectId] = [fields.get("patient") ?? "", fields.get("document") ?? ""];
  return [owner, objectId].every((id) => /^[0-9a-f]{64}$/.test(id)) ? { owner, objectId } : undefined;
}

/** Where a document is shown at the desk. */
export function documentAddress({ owner, objectId }: CoSignLink): string {
  return `/clinician/patients/${owner}/documents/${objectId}`;
}

/** Where its author gets link and code for a colleague. */
export function askAddress(named: CoSignLink): string {
  return `${documentAddress(named)}/co-sign`;
}
