import { setTimeout as sleep } from "node:timers/promises";
import type { Application } from "./abci/messages.ts";
import { type AbciServer, listenAbci } from "./abci/server.ts";
import { type CometProcess, type CometProcessOptions, endSentence, startCometProcess } from "./process/comet-process.ts";
import { type HomeOptions, prepareHome } from "./process/prepare-home.ts";
import { type CometRpc, createCometRpc } from "./rpc/comet-rpc.ts";

/** A CometBFT process, its RPC, and the socket through which it drives an application. */
export interface CometHost {
  readonly rpc: CometRpc;
  /** Gives CometBFT its application; another one takes the place of the first. `fault` hears what it threw, which has ended CometBFT. */
  serve(application: Application, fault: (cause: unknown) => void): void;
  /** Starts CometBFT, unless it runs, and resolves when it answers. Rejects with the reason when it ends before. */
  ready(): Promise<void>;
  /** Resolves with a sentence when the process has ended. */
  readonly ended: Promise<string>;
  /** Ends the process, then the socket. */
  close(): Promise<void>;
}

export type HostOptions = HomeOptions & Omit<CometProcessOptions, "home">;

const PAUSE_MS = 20;

/** Prepares home and socket. CometBFT starts with `ready`, when there is an application to drive. */
export async function openCometHost(options: HostOptions): Promise<CometHost> {
  const { home } = options;
  await prepareHome(options);
  const rpc = createCometRpc(home.rpcSocket);
  const ended = Promise.withResolvers<string>();
  let serving: { readonly application: Application; readonly fault: (cause: unknown) => void } | undefined;
  let fault: unknown;
  let server: AbciServer | undefined;
  let comet: CometProcess | undefined;

  async function start(): Promise<CometProcess> {
    server = await listenAbci({
      path: home.abciSocket,
      application: () => serving!.application,
      onFault(cause) {
        fault ??= cause;
        serving!.fault(cause);
      },
    });
    const started = await startCometProcess(options);
    void started.ended.then((end) => ended.resolve(endSentence(end)));
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
    ended: ended.promise,
    serve(application, onFault) {
      serving = { application, fault: onFault };
    },
    async ready() {
      comet ??= await start();
      let sentence: string | undefined;
      void ended.promise.then((text) => {
        sentence = text;
      });
      while (!(await answers())) {
        if (sentence !== undefined) throw fault ?? new Error(sentence);
        await sleep(PAUSE_MS);
      }
    },
    async close() {
      await comet?.stop();
      rpc.close();
      await server?.close();
    },
  };
}
