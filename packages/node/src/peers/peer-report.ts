import { decodeUtf8 } from "@galen/ledger/crypto/utf8";
import { readHex, readInteger, readObject, readText } from "@galen/sdk/client/answer";
import { withoutSlash } from "@galen/sdk/client/without-slash";

/** What a node says of itself under `/v1/peers`: its word, until it signs with the key. */
export interface PeerReport {
  readonly chainId: string;
  /** Validator key, hex. */
  readonly key: string;
  readonly height: number;
  /** Where clients reach it, if elsewhere than other nodes do. */
  readonly publicUrl: string | undefined;
  /** Whether it runs a custodian, and the place of the share that this holds. */
  readonly custodian: { readonly index: number | null } | undefined;
}

/** Longest address that is taken from another node. */
const MAX_URL_LENGTH = 255;

/** The report in an answer of `/v1/peers`. Throws GalenError client/UnexpectedAnswer. */
export function parsePeerReport(bytes: Uint8Array): PeerReport {
  const answer = readObject(parseJson(bytes), "peers");
  const key = readText(answer.key, "key");
  if (readHex(key, "key").length !== 32) readHex(undefined, "key");
  const { publicUrl } = answer;
  return {
    chainId: readText(answer.chainId, "chainId"),
    key,
    height: readInteger(answer.height, "height"),
    publicUrl: typeof publicUrl === "string" ? parseBaseUrl(publicUrl) : undefined,
    custodian: readCustodian(answer.custodian),
  };
}

/** A name as in the Domain Name System, or an address. A URL's host may hold more, such as what ends a rule of a content security policy. */
const HOST = /^(?:[0-9a-z._-]+|\[[0-9a-f:.]+\])$/;

/** The base of a node's API, without slashes at its end; undefined for what is none: `http://` or `https://`, no more than host, port and path. */
export function parseBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  const isPlain =
    url !== null && HOST.test(url.hostname) && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  const isBase = isPlain && text.length <= MAX_URL_LENGTH && (url.protocol === "http:" || url.protocol === "https:");
  return isBase ? withoutSlash(text) : undefined;
}

function readCustodian(value: unknown): PeerReport["custodian"] {
  if (value === null) return undefined;
  const { index } = readObject(value, "custodian");
  return { index: index === null ? null : readInteger(index, "index") };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes) ?? "");
  } catch {
    return undefined; // the readers refuse it
  }
}
