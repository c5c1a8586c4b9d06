import { encodeField, parseFields } from "@galen/ledger/block/protobuf";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { Exception, type MethodName, methods, type RequestOf, type ResponseOf } from "./messages.ts";

/** One call. */
export type AbciRequest = { readonly [M in MethodName]: { readonly method: M; readonly value: RequestOf<M> } }[MethodName];

const byTag = new Map(Object.entries(methods).map(([name, { requestTag }]) => [requestTag, name as MethodName]));

/** The call in the bytes of a Request. Throws SchemaError on anything else. */
export function decodeRequest(bytes: Uint8Array): AbciRequest {
  const [field, ...more] = parseFields(bytes);
  const method = field?.wire === 2 && more.length === 0 ? byTag.get(field.tag) : undefined;
  if (!method) throw new SchemaError("one known request is needed");
  return { method, value: methods[method].request.decode(field!.payload) } as AbciRequest;
}

/** The bytes of a Response. */
export function encodeResponse<M extends MethodName>(method: M, value: ResponseOf<M>): Uint8Array {
  const { responseTag, response } = methods[method] as { responseTag: number; response: { encode(value: unknown): Uint8Array } };
  return encodeField(responseTag, 2, response.encode(value));
}

/** The Response that ends CometBFT, with the reason for its log. */
export function encodeException(reason: string): Uint8Array {
  return encodeField(Exception.tag, 2, Exception.message.encode({ error: reason }));
}
