import { Agent, type IncomingMessage, request } from "node:http";

/** CometBFT answered with an error; `details` is its reason. */
export class CometRpcError extends Error {
  override readonly name = "CometRpcError";
  readonly details: string;

  constructor(method: string, details: string) {
    super(`CometBFT refused ${method}: ${details}`);
    this.details = details;
  }
}

/** CometBFT's JSON-RPC on the unix-domain socket of its process. */
export interface CometRpc {
  /** Rejects with CometRpcError when CometBFT refuses, with another Error when it does not answer. */
  call(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

/** A block of the largest size in base64, and the rest. */
const MAX_ANSWER_BYTES = 67_108_864;
const TIMEOUT_MS = 10_000;
const CONNECTIONS = 16;

export function createCometRpc(socketPath: string): CometRpc {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return {
    async call(method, params = {}) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const answer = JSON.parse(await post({ agent, socketPath }, body)) as {
        result?: unknown;
        error?: { message?: string; data?: string };
      };
      if (answer.error) throw new CometRpcError(method, answer.error.data || answer.error.message || "no reason given");
      return answer.result;
    },
    close: () => agent.destroy(),
  };
}

function post({ agent, socketPath }: { agent: Agent; socketPath: string }, body: string): Promise<string> {
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, socketPath, method: "POST", path: "/", headers, timeout: TIMEOUT_MS }, (answer) => {
      readText(answer).then(resolve, reject);
    });
    sent.once("error", reject);
    sent.once("timeout", () => sent.destroy(new Error("CometBFT does not answer")));
    sent.end(body);
  });
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error("CometBFT's answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
