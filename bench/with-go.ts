import { GoMissing } from "../scripts/go.ts";

/** What `work` gives, which builds something in Go; undefined, after saying so, where there is none. */
export async function withGo<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GoMissing)) throw error;
    process.stderr.write(`not measured: ${error.message}\n`);
    return undefined;
  }
}
