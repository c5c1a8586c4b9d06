/** Vitest's global set-up: an older Node would run some tests, skip others' syntax, and hide it. */
export function setup(): void {
  const [major] = process.versions.node.split(".").map(Number);
  if (major === undefined || major < 24) {
    throw new Error(
      `The tests need Node 24 or newer, and this is Node ${process.versions.node}. Run them with \`npm test\`, after \`npm ci\`.`,
    );
  }
}
