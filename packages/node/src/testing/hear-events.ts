import type { TestNetwork } from "./test-network.ts";

/** A server-sent event as it arrived. */
export interface SentEvent {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: Record<string, unknown>;
}

/** Hears events of the network's node until `enough`, then hangs up. `onOpen` is called once the node listens to its chain for this client. */
export async function hearEvents(
  network: TestNetwork,
  path: string,
  headers: Readonly<Record<string, string>>,
  enough: (events: readonly SentEvent[]) => boolean,
  onOpen: () => void = () => undefined,
): Promise<readonly SentEvent[]> {
  const hangUp = new AbortController();
  const answer = await fetch(network.node.url + path, { headers, signal: hangUp.signal });
  if (!answer.headers.get("content-type")?.includes("text/event-stream")) throw new Error(await answer.text());
  const events: SentEvent[] = [];
  let text = "";
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    onOpen(); // a comment comes first
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split("\n")
          .map((line) => line.split(/: (.*)/s)),
      );
      text = text.slice(end + 2);
      if (fields.event) events.push({ id: fields.id, name: fields.event, data: JSON.parse(fields.data) });
    }
    if (enough(events)) break;
  }
  hangUp.abort();
  return events;
}
