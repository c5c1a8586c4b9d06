import { createServer } from "node:net";

const MAX_PORT = 65_535;

/** Ports on the loopback address that nothing listens on: `wanted` where it is free, else the next that is. No port is given twice. */
export function createPortChooser(): (wanted: number) => Promise<number> {
  const given = new Set<number>();
  return async (wanted) => {
    for (let port = wanted; port <= MAX_PORT; port++) {
      if (given.has(port) || !(await isFree(port))) continue;
      given.add(port);
      return port;
    }
    throw new Error(`no port from ${wanted} up is free on this machine`);
  };
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
