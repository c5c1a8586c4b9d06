import { clientErrors, galenError } from "./galen-error.ts";

/** One event of a stream (WHATWG HTML §9.2.6). */
export interface ServerSentEvent {
  /** Last id that the stream named, for resuming. */
  readonly id: string | undefined;
  readonly event: string;
  /** Undefined: no event, the stream only names an id. */
  readonly data: string | undefined;
}

/** A sender that never ends a line would fill the memory. */
const MAX_PENDING_CHARACTERS = 1_048_576;

/** The events in a stream of bytes, as they become whole; an unfinished last one is dropped. Rejects with client/UnexpectedAnswer on endless lines. */
export async function* readServerSentEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent, void, undefined> {
  const decoder = new TextDecoder();
  let pending = "";
  let id: string | undefined;
  for await (const chunk of chunks) {
    const blocks = (pending + decoder.decode(chunk, { stream: true })).replaceAll("\r\n", "\n").split("\n\n");
    pending = blocks.pop()!;
    if (pending.length > MAX_PENDING_CHARACTERS) throw galenError(clientErrors.UnexpectedAnswer({ field: "events" }));
    for (const block of blocks) {
      const fields = readFields(block);
      id = fields.get("id") ?? id;
      const data = fields.get("data");
      if (data !== undefined || fields.has("id")) yield { id, event: fields.get("event") ?? "message", data };
    }
  }
}

/** Fields of an event; comments have no name. Several lines of data are one, with line breaks. Only CR and LF end a line, not U+2028. */
function readFields(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name, value] = /^([^:]+):? ?(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const before = name === "data" ? fields.get("data") : undefined;
    fields.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return fields;
}
