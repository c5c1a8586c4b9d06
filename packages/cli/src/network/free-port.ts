import { createServer } from "node:net";

const MAX_PORT = 65_535;

/**
 * Ports on the loopback address that nothing listens on: `wanted` where it is free, else the next that is. No port is given twice, and none of `claimed`,
 * which belong to somebody who does not run now.
 */
export function createPortChooser(claimed: Iterable<number> = []): (wanted: number) => Promise<number> {
  const given = new Set(claimed);
  return async (wanted) => {
    for (let port = wanted; port <= MAX_PORT; port++) {
      if (given.has(port) || !(await isFree(port))) continue;
      given.add(port);
      return port;
    }
    throw new Error(`no port from ${wanted} up is free on this machine`);
  };
}

/** Whether nothing listens on this port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
