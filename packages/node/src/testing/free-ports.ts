import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below those that the system gives to outgoing connections and to whoever asks for any: one of them would be taken again before a node that is about to start
 * listens on it. Beside those that `galen network create` chooses. Each of the test runner's workers has a part of its own.
 */
const FIRST = 10_000;
const PER_WORKER = 3_000;
const WORKERS = 4;
const first = FIRST + PER_WORKER * (Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS);
let next = process.pid % PER_WORKER;

/** Ports of this machine that nobody listens on now, all different, and none that was given out before. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = first + (next++ % PER_WORKER);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
