import { readInteger, readList, readObject, readText } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { requestJson } from "../client/send-request.ts";

/** Requests of one kind in one stretch of time. */
export interface ReleaseCount {
  /** Milliseconds since 1970, a multiple of the stretch. */
  readonly start: number;
  /** A purpose; or an organisation, empty for who works for none. */
  readonly kind: string;
  readonly opened: number;
  readonly refused: number;
}

export interface CountOptions {
  readonly by: "purpose" | "organisation";
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Of one stretch, milliseconds; at most a hundred stretches reach from `from` to now. */
  readonly stepMs: number;
}

/** How often anybody on the network read or tried to, over time. Of the node's read model, not proven. Rejects with GalenError. */
export async function countReleases(client: Client, { by, from, stepMs }: CountOptions): Promise<readonly ReleaseCount[]> {
  const answer = readObject(await requestJson(client, { path: "/v1/release-counts", query: { by, from, step: stepMs } }), "release counts");
  return readList(answer.items, "items").map((item) => {
    const { start, kind, opened, refused } = readObject(item, "items");
    return {
      start: readInteger(start, "start"),
      kind: readText(kind, "kind"),
      opened: readInteger(opened, "opened"),
      refused: readInteger(refused, "refused"),
    };
  });
}
