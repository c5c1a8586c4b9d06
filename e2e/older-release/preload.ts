import { registerHooks } from "node:module";

// Loaded before a program (`--import`), this makes it an older release: wherever it asks for the ledger's versions, it gets those of rules.ts.
const known = import.meta.resolve("@galen/ledger/modules/index");
const older = new URL("rules.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return resolved.url === known && context.parentURL !== older ? { ...resolved, url: older } : resolved;
  },
});
