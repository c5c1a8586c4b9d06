import { parentPort } from "node:worker_threads";
import { findSolutions, type Search } from "./find-solutions.ts";

/** Answers each search with its solutions, in the order of arrival. */
parentPort!.on("message", (search: Search) => parentPort!.postMessage(findSolutions(search)));
