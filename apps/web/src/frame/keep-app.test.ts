import { afterEach, beforeEach, expect, it, vi } from "vitest";

// What was taken is state of the module, as it is of a tab.
beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

it("goes on where the browser keeps no app", async () => {
  const { keepApp } = await import("./keep-app.ts");
  const register = vi.fn(() => Promise.reject(new DOMException("forbidden", "SecurityError")));
  vi.stubGlobal("navigator", { serviceWorker: Object.assign(new EventTarget(), { controller: null, register }) });
  await expect(keepApp()).resolves.toBeUndefined();
  expect(register).toHaveBeenCalledOnce();
});

const FIRST = "first worker";
const NEXT = "next version";

/** What has become of a tab after these workers took it over; in `pressed` somebody had pressed that it changes now. */
async function tabAfter(opened: string | null, taking: readonly string[], pressed: boolean) {
  const { keepApp } = await import("./keep-app.ts");
  const { onUpdate, takeUpdate } = await import("./updates.ts");
  const reload = vi.fn();
  const workers = Object.assign(new EventTarget(), { controller: opened, register: async () => new EventTarget() });
  vi.stubGlobal("navigator", { serviceWorker: workers });
  vi.stubGlobal("location", { reload });
  await keepApp();
  const told: string[] = [];
  onUpdate(({ kind }) => told.push(kind));
  for (const worker of taking) {
    if (pressed && worker === NEXT) takeUpdate({ kind: "waiting", worker: { postMessage() {} } as unknown as ServiceWorker });
    workers.dispatchEvent(new Event("controllerchange"));
  }
  return reload.mock.calls.length > 0 ? "loaded again" : (told[0] ?? "as it was");
}

it.each([
  ["the first visit", null, [FIRST], false, "as it was"],
  ["the first visit, and a version that was taken in it", null, [FIRST, NEXT], true, "loaded again"],
  ["the first visit, and a version that was taken in another tab", null, [FIRST, NEXT], false, "taken"],
  ["a later visit, and a version that was taken in it", FIRST, [NEXT], true, "loaded again"],
  ["a later visit, and a version that was taken in another tab", FIRST, [NEXT], false, "taken"],
])("after %s a tab is told or loaded again", async (_, opened, taking, pressed, outcome) => {
  expect(await tabAfter(opened, taking, pressed)).toBe(outcome);
});
