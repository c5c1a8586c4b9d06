import { setTimeout as sleep } from "node:timers/promises";
import type { Application } from "./abci/messages.ts";
import { type AbciServer, listenAbci } from "./abci/server.ts";
import { type CometProcess, type CometProcessOptions, endSentence, startCometProcess } from "./process/comet-process.ts";
import { forgetChain } from "./process/forget-chain.ts";
import { type HomeOptions, prepareHome } from "./process/prepare-home.ts";
import { type CometRpc, createCometRpc } from "./rpc/comet-rpc.ts";

/** A CometBFT process, its RPC, and the socket through which it drives an application. */
export interface CometHost {
  readonly rpc: CometRpc;
  /**
   * Gives CometBFT its application; after `hold` another one. `fault` hears why CometBFT ended although nobody closed it: what the
   * application threw, or what CometBFT said last.
   */
  serve(application: Application, fault: (cause: unknown) => void): void;
  /** Lets calls wait until another application is served. */
  hold(): void;
  /** Deletes CometBFT's chain, and never the record of its key's last vote. Before `ready` only. */
  forgetChain(): Promise<void>;
  /** Starts CometBFT, unless it runs, and resolves when it answers. Rejects with the reason when it ends before. */
  ready(): Promise<void>;
  /** Ends the process, then the socket. */
  close(): Promise<void>;
}

export type HostOptions = HomeOptions & Omit<CometProcessOptions, "home">;

const PAUSE_MS = 20;
const PATIENCE_MS = 1_000;

/** Prepares home and socket. CometBFT starts with `ready`, when there is an application to drive. */
export async function openCometHost(options: HostOptions): Promise<CometHost> {
  const { home } = options;
  await prepareHome(options);
  const rpc = createCometRpc(home.rpcSocket);
  let serving = Promise.withResolvers<Application>();
  let hearFault: ((cause: unknown) => void) | undefined;
  let fault: Error | undefined;
  let isClosing = false;
  let server: AbciServer | undefined;
  let comet: CometProcess | undefined;

  function onFault(cause: unknown): void {
    if (isClosing || fault !== undefined) return;
    fault = cause instanceof Error ? cause : new Error(String(cause));
    hearFault?.(fault);
  }

  async function start(): Promise<CometProcess> {
    server = await listenAbci({ path: home.abciSocket, application: () => serving.promise, onFault });
    const started = await startCometProcess(options);
    void started.ended.then((end) => onFault(new Error(endSentence(end))));
    return started;
  }

  async function answers(): Promise<boolean> {
    return rpc.call("health").then(
      () => true,
      () => false,
    );
  }

  return {
    rpc,
    serve(application, fault) {
      hearFault = fault;
      serving.resolve(application);
    },
    hold() {
      serving = Promise.withResolvers();
    },
    forgetChain: () => forgetChain(home),
    async ready() {
      comet ??= await start();
      while (!(await answers())) {
        if (fault !== undefined) throw fault;
        await sleep(PAUSE_MS);
      }
    },
    async close() {
      isClosing = true;
      const stopped = comet?.stop();
      // Waiting for an answer, CometBFT would not end; without its application it does.
      await Promise.race([stopped, sleep(PATIENCE_MS, undefined, { ref: false })]);
      await server?.close();
      await stopped;
      rpc.close();
    },
  };
}
