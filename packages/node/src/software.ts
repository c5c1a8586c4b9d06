import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };

/** Name and version of this program: what nodes tell of themselves, and `galen --version` says. */
export const SOFTWARE = `galen/${version}`;
