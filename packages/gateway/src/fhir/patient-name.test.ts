import { expect, test } from "vitest";
import { checkBundle } from "./bundle.ts";
import type { JsonValue } from "./json-value.ts";
import { patientName } from "./patient-name.ts";

const cases: readonly (readonly [JsonValue, string | undefined])[] = [
  [[{ given: ["Ada", "B."], family: "Example" }], "Ada B. Example"],
  [
    [
      { use: "nickname", given: ["Addy"] },
      { use: "official", family: "Example" },
    ],
    "Example",
  ],
  [[{ text: "Dr. Ada\u001b[0m Example" }], "Dr. Ada [0m Example"],
  [[{ use: "official" }], undefined],
  [[{ text: "\u200b\u202e \u00a0" }], undefined],
  [[{ text: "\ue000山" }], "\ue000山"],
  [[], undefined],
];

test.each(cases)("%j is shown as %s", (name, shown) => {
  const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: { resourceType: "Patient", name } }] };
  expect(patientName(checkBundle(bundle, "f"))).toBe(shown);
});
