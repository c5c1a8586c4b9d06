import { existsSync } from "node:fs";

/** Stands for a mistake: what the browser build must refuse. */
export const exists = existsSync;
