export { ConfigError, type ConfigSources, printConfigReference, readConfig } from "./config.ts";
export { printHttpReference } from "./http/reference.ts";
export { type NodeOptions, type RunningNode, startNode } from "./node.ts";
export type { FoundingDocument } from "./open-backend.ts";
export type { Config } from "./settings.ts";
