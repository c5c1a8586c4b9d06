// Names that differ between machines, moments or processes. A handler that touches one decides differently on the next node.
const poisonedGlobals = [
  "Atomics",
  "BroadcastChannel",
  "Buffer",
  "console",
  "crypto",
  "Date",
  "fetch",
  "FinalizationRegistry",
  "Intl",
  "navigator",
  "performance",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "structuredClone",
  "SharedArrayBuffer",
  "TextDecoder",
  "TextEncoder",
  "WeakRef",
  "WebSocket",
  "Worker",
  "XMLHttpRequest",
] as const;

const poisonedMembers: readonly (readonly [owner: object, ownerName: string, members: readonly string[]])[] = [
  [Math, "Math", inexactMath()],
  [String.prototype, "String.prototype", ["localeCompare", "normalize", "toLocaleLowerCase", "toLocaleUpperCase"]],
  [Number.prototype, "Number.prototype", ["toExponential", "toFixed", "toLocaleString", "toPrecision"]],
  [BigInt.prototype, "BigInt.prototype", ["toLocaleString"]],
  [Array.prototype, "Array.prototype", ["toLocaleString"]],
];

/** Chance, and the functions that ECMA-262 §21.3 lets each engine approximate. */
function inexactMath(): string[] {
  const exact = new Set(["abs", "ceil", "clz32", "floor", "imul", "max", "min", "sign", "trunc"]);
  return Object.getOwnPropertyNames(Math).filter((name) => !exact.has(name) && typeof Reflect.get(Math, name) === "function");
}

/**
 * Runs `action` while clocks, chance, timers, network, locale and process are poisoned: touching one throws an Error that names it.
 * Everything is as before when this returns or throws. `action` is synchronous, because a transition is.
 */
export function withPoisonedGlobals<T>(action: () => T): T {
  // Node loads some of them at the first touch, with the help of others: touch all before poisoning any.
  const present = poisonedGlobals.filter((name) => Reflect.get(globalThis, name) !== undefined);
  const restore: (() => void)[] = [];
  try {
    for (const name of present) restore.push(poison(globalThis, name, name));
    for (const [owner, ownerName, members] of poisonedMembers) {
      for (const member of members) restore.push(poison(owner, member, `${ownerName}.${member}`));
    }
    return action();
  } finally {
    for (const undo of restore) undo();
  }
}

/** Replaces a property by one that throws when read, and returns what puts it back. */
function poison(owner: object, name: string, label: string): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, {
    configurable: true,
    get: () => {
      throw new Error(`${label} was used in a transition: it differs between nodes`);
    },
  });
  return () => {
    if (original === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, original);
  };
}
