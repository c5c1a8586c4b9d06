import { defineErrors } from "@galen/ledger/app/refusal";

/** What the HTTP API itself refuses, before or beside the ledger's rules. */
export const errors = defineErrors("api", 90_000, {
  UnknownRoute: [1, 404, "there is nothing at this address; compare method and path with /v1/openapi.json"],
  WrongMethod: [22, 405, "this address takes other methods; `allowed` names them"],
  BadRequest: [2, 400, "the request is not well-formed HTTP; compare it with /v1/openapi.json"],
  UrlTooLong: [3, 414, "the address is longer than this node takes; send fewer or shorter parameters"],
  WrongContentType: [4, 415, "the body's content type is not the one that this address takes; `expected` names it"],
  BodyTooLarge: [5, 413, "the body is larger than this address takes; `maxBytes` names the limit"],
  MalformedJson: [6, 400, "the body is not well-formed JSON in UTF-8, or not an object"],
  MalformedFrames: [7, 400, "the body is not a series of frames: length in 4 bytes, big-endian, then as many bytes, to the end"],
  UnknownField: [8, 422, "a field is not known here; `field` names it, /v1/openapi.json lists those that are"],
  InvalidField: [9, 422, "a field is missing or does not fit; `field` names it, `reason` says what is needed"],
  Unauthenticated: [
    10,
    401,
    "the request is not signed by a key that the account has now, or not at the node's time (`reason`): keys may have been replaced, or a recovery not be through yet; programs sign as docs/reference/http-api.md says",
  ],
  Forbidden: [11, 403, "the account may not see this; ask the owner for a grant or a delegation"],
  NotFound: [12, 404, "this node holds nothing under that name; check it, or ask again when it is on the ledger"],
  HeightNotHeld: [13, 404, "this height is ahead of the chain, or so old that the state of it is pruned; choose a recent one"],
  NotYetSealed: [14, 503, "the block that commits to this state is not sealed yet; ask again after a second"],
  TooManyRequests: [15, 429, "more requests came from this address than the node serves; wait as Retry-After says"],
  Stopping: [16, 503, "the node is shutting down; send the same request again when it is back"],
  NoCustodian: [17, 404, "this node runs no custodian, or it holds no share of the present key; ask another custodian"],
  AnswerTooLarge: [20, 413, "the answer would be larger than the node sends at once; ask for fewer objects"],
  Timeout: [18, 408, "the request did not arrive in time; send it again"],
  TooManyStreams: [21, 503, "as many clients listen as the node serves; ask again later, or read the lists"],
  TooManyBodies: [23, 503, "as many large bodies are under way as the node holds at once; send this one again after retryAfterMs"],
  TooManyCounts: [
    24,
    503,
    "as many wait for counts, or for the grants of very many houses, as the node serves one after the other; ask again after retryAfterMs",
  ],
  PastMissing: [
    25,
    503,
    "blocks of the past are missing here until other nodes give them, or are still being read, and lists would lack what those hold; ask again after retryAfterMs, or ask another node",
  ],
  UnknownHost: [
    26,
    421,
    "this node serves its own machine and does not know the name by which it was asked; open it as localhost, or name the address in `publicUrl` of its settings",
  ],
  ListsFailed: [
    27,
    507,
    "this node cannot write what it lists, its disk may be full, and lists would lack what happened since; ask another node, and tell its operator to make room",
  ],
  Internal: [19, 500, "the node met an error of its own; its log names the cause under `instance`"],
});
