import { afterEach, expect, it, vi } from "vitest";
import { createDatabase } from "./database.ts";
import { tellForbidden } from "./tell-forbidden.ts";

vi.mock("./tell-forbidden.ts", () => ({ tellForbidden: vi.fn() }));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

it.each<readonly [string, () => unknown]>([
  [
    "throws",
    () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  ],
  [
    "refuses",
    () => {
      const request = { error: new DOMException("no", "InvalidStateError"), onerror: () => {} };
      queueMicrotask(() => request.onerror());
      return request;
    },
  ],
])("keeps values while the page lasts where the browser keeps none (%s), and says so once", async (_, open) => {
  vi.stubGlobal("indexedDB", { open });
  const database = createDatabase<{ people: { account: string; name: string } }>({
    name: "galen",
    version: 1,
    stores: ["people"],
  });
  const [ann, bea] = [
    { account: "a", name: "Ann" },
    { account: "b", name: "Bea" },
  ];
  await Promise.all([database.put("people", ann), database.put("people", bea)]);
  expect(await database.get("people", "a")).toEqual(ann);
  await database.delete("people", "a");
  expect(await database.getAll("people")).toEqual([bea]);
  expect(tellForbidden).toHaveBeenCalledOnce();
});
