import { compileVersion } from "@galen/ledger/app/version";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { expect, it, vi } from "vitest";
import { openApiRoute } from "./openapi.ts";

it("is made once for each version of the ledger", () => {
  const versions = ledgerVersions.slice(-2).map(compileVersion);
  const makings = versions.map(({ messages }) => vi.spyOn(messages as Map<string, never>, "values"));
  const route = openApiRoute([]);
  const answerAt = (version: object) => JSON.parse((route.handle({ ledger: { version } } as never, {} as never) as { body: string }).body);
  for (const version of [...versions, ...versions]) expect(answerAt(version).info.version).toBe(`1.${version.number}`);
  expect(makings.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});
