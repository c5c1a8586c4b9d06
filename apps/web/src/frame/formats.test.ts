import { afterEach, expect, it } from "vitest";
import { formatsOf } from "./formats.ts";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

it.each(["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])("tells a day of a record as it was written, also in %s", (name) => {
  process.env.TZ = name;
  expect(formatsOf("en").day("1958-03-07")).toBe("March 7, 1958");
  expect(formatsOf("zh-CN").day("1958-03-07")).toBe("1958年3月7日");
});

it.each([
  ["a month", "2019-03", "March 2019"],
  ["a year", "2019", "2019"],
  ["what is none", "1 Mai 2019", "1 Mai 2019"],
  ["nothing", "", ""],
])("is no more exact than the record: %s", (_, text, told) => {
  expect(formatsOf("en").day(text)).toBe(told);
});

it("puts sentences one after the other as the language does", () => {
  expect(formatsOf("en").sentences("Done.", false, "It is signed.", undefined)).toBe("Done. It is signed.");
  expect(formatsOf("zh-CN").sentences("已完成。", "已签名。")).toBe("已完成。已签名。");
});
