/** What a caller of the RPC did wrong, in a sentence: JSON-RPC error -32602. */
export class RpcError extends Error {
  override readonly name = "RpcError";
}
