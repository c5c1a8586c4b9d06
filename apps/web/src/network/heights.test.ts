import { beforeEach, expect, it } from "vitest";
import { forgetHeights, hearHeight, hearHeightIn, heightOnArrival, isSinceArrival, newestHeight, noteArrival } from "./heights.ts";

beforeEach(forgetHeights);

it("hears how far the chain has come in every answer that says so", () => {
  hearHeightIn(new Response());
  expect(newestHeight()).toBeUndefined();
  for (const height of ["7", "9", "8"]) hearHeightIn(new Response(null, { headers: { "galen-height": height } }));
  expect(newestHeight()).toBe(9);
});

it("knows from where on whoever comes must hear everything, and what is news to that one", () => {
  hearHeight(5);
  noteArrival();
  // Nothing was asked for this one yet: what came since 5 may be in no list.
  expect([heightOnArrival(), isSinceArrival(6)]).toEqual([5, false]);
  hearHeight(40);
  hearHeight(41);
  // Somebody sat here long ago: what was read between 5 and 40 stands in the log, and is told to nobody as if it were now.
  expect([6, 40, 41].map(isSinceArrival)).toEqual([false, false, true]);
  expect(heightOnArrival()).toBe(5);
});

it("tells whoever comes back nothing again", () => {
  noteArrival();
  hearHeight(3);
  hearHeight(8);
  expect(isSinceArrival(8)).toBe(true);
  noteArrival();
  hearHeight(8);
  expect([heightOnArrival(), isSinceArrival(8), isSinceArrival(9)]).toEqual([8, false, true]);
});

it("begins anew with another network", () => {
  hearHeight(900);
  forgetHeights();
  expect([newestHeight(), heightOnArrival()]).toEqual([undefined, undefined]);
  hearHeight(2);
  expect([newestHeight(), isSinceArrival(3)]).toEqual([2, true]);
});
