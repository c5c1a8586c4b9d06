#!/usr/bin/env node
// Plain JavaScript, so that an older Node says what is wrong instead of stumbling over the first type annotation.
const required = 24;
const running = Number.parseInt(process.versions.node, 10);

if (running < required) {
  console.error(
    `Galen needs Node ${required} or newer, and this is Node ${process.versions.node}. ` +
      "Inside the repository `npm ci` brings the right one: run `npx galen` or `npm start` there.",
  );
  process.exitCode = 1;
} else {
  // Halves the time to start: types are stripped and code is compiled once, not at every call.
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  await import("../src/main.ts");
}
