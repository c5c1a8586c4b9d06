/** What a code of this app says: whom it names. */
export interface CodeContent {
  readonly account: string;
  readonly name: string;
}

const PATH = "/wallet/access/new";
const MAX_NAME_LENGTH = 80;

/** The link in somebody's code: who opens it may give that account access. It holds no key. */
export function codeLink({ account, name }: CodeContent, origin: string): string {
  const url = new URL(PATH, origin);
  // Behind the hash, so that it stays in the browser and out of every log of the server.
  url.hash = new URLSearchParams({ to: account, name }).toString();
  return url.href;
}

/** Whom a scanned code or an opened link names; undefined for what is none of ours. A name is what its bearer says: the account counts. */
export function parseCode(text: string): CodeContent | undefined {
  const hash = text.includes("#") ? text.slice(text.indexOf("#") + 1) : text;
  const fields = new URLSearchParams(hash);
  const account = fields.get("to") ?? "";
  if (!/^[0-9a-f]{64}$/.test(account)) return undefined;
  return { account, name: (fields.get("name") ?? "").slice(0, MAX_NAME_LENGTH) };
}
