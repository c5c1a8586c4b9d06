/** An address as paths are put behind it, and as addresses are compared: without slashes at its end. */
export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
