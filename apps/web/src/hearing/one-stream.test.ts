import { createClient } from "@galen/sdk/client/client";
import type { Notice, Topic } from "@galen/sdk/client/subscribe";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { ownAccount } from "@galen/sdk/transactions/own-account";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Ear } from "./one-stream.ts";

/** The window, which somebody may look away from. */
const page = {
  visibilityState: "visible",
  onChange: () => {},
  addEventListener: (_: string, listener: () => void) => void Object.assign(page, { onChange: listener }),
};
vi.stubGlobal("document", page);
const { listen } = await import("./one-stream.ts");
const { fetchFromNode } = await import("../network/clock.ts");

/** The node answers, and says what time it is there. */
async function hearTime(aheadMs: number): Promise<void> {
  vi.stubGlobal("fetch", async () => new Response(null, { headers: { date: new Date(Date.now() + aheadMs).toUTCString() } }));
  await fetchFromNode("http://node.example");
}

function look(visibilityState: "visible" | "hidden"): void {
  page.visibilityState = visibilityState;
  page.onChange();
}

/** A stream that a node was asked for. */
interface Asked {
  readonly topics: string;
  readonly after: string | null;
  readonly isSigned: boolean;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/** A node that says what it is told to say. `refuse`: the next stream is refused with this. */
function createNode() {
  const asked: Asked[] = [];
  let refusal: object | undefined;
  const ask = async (url: string, { headers, signal }: { headers: Headers; signal: AbortSignal }) => {
    const { searchParams: fields } = new URL(url);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const say = (text: string) => void writer.write(new TextEncoder().encode(text));
    asked.push({ topics: fields.get("topics")!, after: fields.get("after"), isSigned: headers.has("authorization"), signal, say });
    const refused = refusal;
    refusal = undefined;
    return refused ? Response.json(refused, { status: 404 }) : new Response(readable);
  };
  const client = createClient({ url: "http://node.example", chainId: "test", fetch: ask as unknown as typeof fetch });
  function refuse(problem: object): void {
    refusal = problem;
  }
  return { asked, client, refuse };
}

const notice = (id: string, event: string, data: object = {}) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

let node: ReturnType<typeof createNode>;
let leaving: (() => void)[];
beforeEach(() => {
  [node, leaving] = [createNode(), []];
  vi.useFakeTimers();
});
afterEach(async () => {
  for (const leave of leaving) leave();
  look("visible");
  await vi.runAllTimersAsync();
  vi.useRealTimers();
});

function join(topics: readonly Topic[], place: string, own?: Ear["own"]) {
  const heard: string[] = [];
  const hear = ({ id, event }: Notice) => void heard.push(`${event} ${id ?? "?"}`);
  const leave = listen({ client: node.client, own, topics, place, hear, onRefused: () => void heard.push("refused") });
  leaving.push(leave);
  return { heard, leave };
}

/** What is under way arrives. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const openNow = () => node.asked.filter(({ signal }) => !signal.aborted).map(({ topics, after }) => `${topics} after ${after}`);

it("opens one stream for all who hear, from where the last of them has heard, and tells nobody anything twice", async () => {
  const [one, other] = [join(["blocks"], "7/9"), join(["transactions", "blocks"], "5/0")];
  await settle();
  expect(openNow()).toEqual(["blocks,transactions after 5/0"]);
  node.asked[0]!.say(notice("6/0", "block") + notice("6/1", "transaction") + notice("8/0", "block"));
  await settle();
  expect(other.heard).toEqual(["block 6/0", "transaction 6/1", "block 8/0"]);
  expect(one.heard).toEqual(["block 8/0"]);
});

it("opens it again where it stands when others come or go, and not for those whom it serves", async () => {
  const { leave } = join(["blocks"], "7/9");
  const stays = join(["blocks"], "7/9");
  await settle();
  node.asked[0]!.say("id: 9/5\n\n");
  await settle();
  const third = join(["blocks"], "9/9");
  leave();
  await settle();
  expect(node.asked).toHaveLength(1);
  join(["transactions"], "9/9");
  await settle();
  expect(openNow()).toEqual(["blocks,transactions after 9/5"]);
  node.asked[1]!.say(notice("10/0", "block"));
  await settle();
  expect([stays.heard, third.heard]).toEqual([["block 10/0"], ["block 10/0"]]);
});

it("signs for the person who is here", async () => {
  const own = await ownAccount(accountKeys(new Uint8Array(64).fill(7), 0));
  join(["releases"], "7/9", own);
  await vi.waitFor(() => expect(node.asked).toMatchObject([{ topics: "releases", isSigned: true }]));
});

it("tells a gap to those whom it concerns", async () => {
  const [behind, there] = [join(["blocks"], "5/0"), join(["blocks"], "2000/9")];
  await settle();
  node.asked[0]!.say('event: gap\ndata: {"from":5,"to":1005}\n\n');
  await settle();
  expect([behind.heard, there.heard]).toEqual([["gap ?"], []]);
});

it("is closed while nobody looks, and goes on where it was", async () => {
  const { heard } = join(["blocks"], "7/9");
  await settle();
  node.asked[0]!.say(notice("8/0", "block"));
  await settle();
  look("hidden");
  await settle();
  expect(openNow()).toEqual([]);
  look("visible");
  await settle();
  expect(openNow()).toEqual(["blocks after 8/0"]);
  node.asked[1]!.say(notice("9/0", "block"));
  await settle();
  expect(heard).toEqual(["block 8/0", "block 9/0"]);
});

it("starts over with a chain that was restored to less, and asks again after another refusal", async () => {
  node.refuse({ title: "api/HeightNotHeld", detail: "", details: { height: 7, latest: 3 } });
  const { heard } = join(["blocks"], "7/9");
  await settle();
  expect(heard).toEqual(["refused", "gap ?"]);
  node.refuse({ title: "api/Unauthenticated", detail: "" });
  await vi.advanceTimersByTimeAsync(30_000);
  await vi.advanceTimersByTimeAsync(30_000);
  node.asked[2]!.say(notice("4/0", "block"));
  await settle();
  expect(node.asked.map(({ after }) => after)).toEqual(["7/9", "3/999999999", "3/999999999"]);
  expect(heard).toEqual(["refused", "gap ?", "refused", "block 4/0"]);
});

it("asks again when the clock is right, and not before", async () => {
  await hearTime(3_600_000);
  node.refuse({ title: "api/Unauthenticated", detail: "" });
  const { heard } = join(["blocks"], "7/9");
  await vi.advanceTimersByTimeAsync(120_000);
  expect([heard, node.asked.length]).toEqual([["refused"], 1]);
  await hearTime(0);
  await settle();
  expect(node.asked).toHaveLength(2);
});
