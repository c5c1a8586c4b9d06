import { afterEach, expect, it, vi } from "vitest";
import { keepApp } from "./updates.ts";

afterEach(() => vi.unstubAllGlobals());

it("goes on where the browser keeps no app", async () => {
  const register = vi.fn(() => Promise.reject(new DOMException("forbidden", "SecurityError")));
  vi.stubGlobal("navigator", { serviceWorker: { controller: null, register } });
  await expect(keepApp()).resolves.toBeUndefined();
  expect(register).toHaveBeenCalledOnce();
});
