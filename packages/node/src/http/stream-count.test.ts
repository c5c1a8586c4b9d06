import { expect, it } from "vitest";
import { countedStream } from "./stream-count.ts";

async function* endless() {
  for (;;) yield "event";
}

it("counts a stream while somebody listens, and refuses one too many", async () => {
  const count = { open: 499 };
  const last = countedStream(count, endless());
  await last.next();
  expect(() => countedStream(count, endless())).toThrow("api/TooManyStreams");
  await last.return(undefined);
  expect(count.open).toBe(499);
});
