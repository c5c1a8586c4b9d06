import { once } from "node:events";
import { createServer as createProbe } from "node:net";
import type { Custodian } from "@galen/custody/custodian/custodian";
import type { Engine } from "@galen/engines/engine";
import type { Ledger } from "@galen/ledger/app/ledger";
import { errors } from "./errors.ts";
import type { AnyRoute } from "./http/route.ts";
import { routes } from "./http/routes.ts";
import { createServer } from "./http/server.ts";
import { openWebFiles } from "./http/web-files.ts";
import { createLogger, type Logger } from "./logger.ts";
import { type BackendOptions, openBackend } from "./open-backend.ts";
import type { Config } from "./settings.ts";

/** A node that serves. */
export interface RunningNode {
  /** Base of the HTTP API, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly custodian: Custodian | undefined;
  /** Whether the folder held nothing of the chain's state before this start. */
  readonly isFirstStart: boolean;
  /** Resolves with the cause when the node can no longer order transactions; it should be stopped and its cause removed. */
  readonly failure: Promise<unknown>;
  /** Takes no more requests, lets those under way finish, makes everything durable, closes the files. */
  stop(): Promise<void>;
}

export interface NodeOptions extends Omit<BackendOptions, "logger"> {
  readonly logger?: Logger;
  /** Addresses besides the API's own, such as the one that introduces the sample town. They are no part of the API's description. */
  readonly extraRoutes?: readonly AnyRoute[];
}

const HANG_UP_MS = 20;

/** Starts a node on its data folder. Throws Refusal node/…, and Error with a sentence when the folder is in use, damaged, or of another network. */
export async function startNode(config: Config, options: NodeOptions = {}): Promise<RunningNode> {
  const logger = options.logger ?? createLogger(config.logLevel);
  // Before the data folder is opened: else the parts that were already at work would be broken off, or a network founded that nobody sees.
  await requireFreePort(config);
  const webFiles = config.webFolder === "none" ? undefined : await openWebFiles(config.webFolder);
  const { backend, close } = await openBackend(config, { ...options, logger });
  const stopping = new AbortController();
  const rateLimits = { requestsPerSecond: config.requestsPerSecond, burst: config.requestBurst };
  const trustedProxy = config.trustedProxy === "none" ? undefined : config.trustedProxy;
  const server = createServer({
    backend,
    routes: [...routes, ...(options.extraRoutes ?? [])],
    rateLimits,
    httpHost: config.httpHost,
    trustedProxy,
    logger,
    webFiles,
    stopping: stopping.signal,
  });
  try {
    await server.listen({ host: config.httpHost, port: config.httpPort });
  } catch (error) {
    await close();
    throw listenError(error, config);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const deadline = setTimeout(() => server.server.closeAllConnections(), config.stopTimeoutMs);
    // A connection whose last answer is out would else be kept for the client's next request.
    const hangUp = setInterval(() => server.server.closeIdleConnections(), HANG_UP_MS);
    await server.close();
    clearTimeout(deadline);
    clearInterval(hangUp);
    await close();
    logger.info("stopped");
  }

  const { engine, ledger, custodian, isFirstStart } = backend;
  const url = urlOf(config.httpHost, server.server.address());
  void engine.failure.then((cause) => logger.fatal({ err: cause }, "the engine stopped; remove the cause and start the node again"));
  logger.info({ url, chainId: ledger.chainId, height: ledger.height }, "serving");
  let stopped: Promise<void> | undefined;
  return { url, engine, ledger, custodian, isFirstStart, failure: engine.failure, stop: () => (stopped ??= stop()) };
}

function urlOf(host: string, address: ReturnType<ReturnType<typeof createServer>["server"]["address"]>): string {
  const port = typeof address === "object" && address ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Throws Refusal node/PortTaken, node/PortForbidden. */
export async function requireFreePort(config: Config): Promise<void> {
  const probe = createProbe();
  try {
    await once(probe.listen({ host: config.httpHost, port: config.httpPort }), "listening");
  } catch (error) {
    throw listenError(error, config);
  }
  await once(probe.close(), "close");
}

function listenError(error: unknown, { httpHost, httpPort }: Config): Error {
  const { code } = error as NodeJS.ErrnoException;
  const address = `${httpHost}:${httpPort}`;
  if (code === "EADDRINUSE") return errors.PortTaken({ address });
  return code === "EACCES" ? errors.PortForbidden({ address }) : (error as Error);
}
