import type { Socket } from "node:net";
import type { onRequestHookHandler } from "fastify";

/** Requests of one connection that wait. Browsers and the usual clients send none ahead (RFC 9112 §9.3.2); each that waits takes memory, whoever sends it. */
export const MAX_WAITING = 32;

/**
 * Lets a connection have one request at work: the next begins when the answer to the one before has left, and in a turn of the event loop of its own, so that
 * a thousand that came in one packet keep nobody else waiting. A connection that sends more ahead than may wait is closed.
 */
export function createTurns(): onRequestHookHandler {
  const waiting = new WeakMap<Socket, number>();
  return ({ raw: { socket } }, { raw: response }, done) => {
    const begin = () =>
      setImmediate(() => {
        // Of a client that has gone meanwhile nothing tells any more that it has.
        if (!response.destroyed) done();
      });
    // Node gives the socket to one response after the other, in the order of the requests, and says so by this event.
    if (response.socket) return begin();
    const count = (waiting.get(socket) ?? 0) + 1;
    if (count > MAX_WAITING) return void socket.destroy();
    waiting.set(socket, count);
    response.once("socket", () => {
      waiting.set(socket, waiting.get(socket)! - 1);
      begin();
    });
  };
}
