import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { errors } from "../errors.ts";

const SOCKET = "control.sock";
const STOP = "stop\n";

/** Lets `galen network stop` reach a running network: a socket in its folder, which only its owner can open. Resolves to the way to close it. Throws Refusal cli/NetworkRuns. */
export async function listenForStop(folder: string, stop: () => Promise<void>): Promise<() => Promise<void>> {
  const path = join(folder, SOCKET);
  if (await isListening(path)) throw errors.NetworkRuns({ folder });
  await rm(path, { force: true });
  const server = createServer((socket) => {
    socket.on("error", () => undefined); // whoever hung up does not wait for the answer
    socket.once("data", (text) => {
      if (text.toString() === STOP) void stop().finally(() => socket.end("stopped\n"));
    });
  });
  server.listen(path);
  await once(server, "listening");
  return async () => {
    server.close();
    await rm(path, { force: true });
  };
}

/** Asks the network of a folder to stop, and resolves when it has. False when none is running there. */
export async function requestStop(folder: string): Promise<boolean> {
  const socket = connect(join(folder, SOCKET));
  try {
    await once(socket, "connect");
  } catch {
    return false;
  }
  socket.write(STOP);
  socket.resume();
  await once(socket, "close");
  return true;
}

async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
