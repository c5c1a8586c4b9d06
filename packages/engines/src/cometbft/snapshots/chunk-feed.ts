/** Hands chunks that come one by one to somebody who takes them as a sequence. */
export interface ChunkFeed {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Resolves when the chunk has been taken in and the next is asked for. One at a time. */
  push(chunk: Uint8Array): Promise<void>;
  end(): void;
  /** Ends the sequence with an error. */
  fail(error: Error): void;
}

export function createChunkFeed(): ChunkFeed {
  let asked = Promise.withResolvers<void>();
  let next = nextChunk();

  async function* take(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      asked.resolve();
      const chunk = await next.promise;
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  return {
    chunks: take(),
    async push(chunk) {
      await asked.promise;
      asked = Promise.withResolvers();
      const { resolve } = next;
      next = nextChunk();
      resolve(chunk);
      await asked.promise;
    },
    end: () => next.resolve(undefined),
    fail: (error) => next.reject(error),
  };
}

function nextChunk(): PromiseWithResolvers<Uint8Array | undefined> {
  const next = Promise.withResolvers<Uint8Array | undefined>();
  next.promise.catch(() => {}); // whoever takes the sequence hears it; perhaps nobody does
  return next;
}
