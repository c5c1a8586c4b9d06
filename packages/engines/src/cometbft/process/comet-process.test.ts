import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endSentence, startCometProcess } from "./comet-process.ts";
import { type CometHome, cometHome, makeCometHome } from "./home.ts";

let folder: string;
let home: CometHome;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-comet-"));
  home = cometHome(folder);
  await makeCometHome(home);
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that does in the place of CometBFT what a script says. */
async function program(script: string): Promise<string> {
  const path = join(folder, "cometbft");
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o700);
  return path;
}

describe("a CometBFT process", () => {
  it("that ends by itself is told with its last words", async () => {
    const { ended } = await startCometProcess({ binary: await program("echo first; echo last >&2; exit 3"), home });
    expect(endSentence(await ended)).toMatch(/exit code 3.*last/);
  });

  it("that has said much is told with the last three lines", async () => {
    const { ended } = await startCometProcess({ binary: await program("for word in a b c d e; do echo word $word; done; exit 1"), home });
    expect(endSentence(await ended)).toBe("CometBFT ended by itself (exit code 1): word c | word d | word e");
  });

  it("that is killed is not explained by what it said before", async () => {
    const { ended } = await startCometProcess({ binary: await program('echo "E[time] a block is late"; kill -9 $$'), home });
    const sentence = endSentence(await ended);
    expect(sentence).toContain("killed (SIGKILL)");
    expect(sentence).not.toContain("late");
  });

  it("that loses peers before it ends is told with what it said of itself", async () => {
    const script = 'echo "ERROR: failed to listen"; echo "E[time] Stopping peer for error     module=p2p err=EOF"; exit 1';
    const { ended } = await startCometProcess({ binary: await program(script), home });
    expect(endSentence(await ended)).toBe("CometBFT ended by itself (exit code 1): ERROR: failed to listen");
  });

  it("that halts and goes on running is ended, and told with what halted it", async () => {
    const script = 'echo "E[time] CONSENSUS FAILURE!!! err=\\"no space left on device\\""; echo "goroutine 1"; exec sleep 60';
    const { ended } = await startCometProcess({ binary: await program(script), home });
    const sentence = endSentence(await ended);
    expect(sentence).toContain("no space left on device");
    expect(sentence).not.toContain("goroutine");
  });

  it.each<[string, string, string]>([
    [
      "of several lines",
      "panic: state.AppHash does not match. Got\n00, expected 11.\nDid you reset CometBFT?\n\ngoroutine 1 [running]:\nmain.main()\n\t/go/main.go:7",
      "panic: state.AppHash does not match. Got | 00, expected 11. | Did you reset CometBFT?",
    ],
    [
      "of one line",
      "panic: open cometbft/data/state.db/CURRENT: permission denied\n\ngoroutine 1 [running]:\nmain.main()\n\t/go/main.go:7\nexit status 2",
      "I[time] starting | panic: open cometbft/data/state.db/CURRENT: permission denied",
    ],
    [
      "that the runtime itself meets",
      "fatal error: out of memory\n\ngoroutine 1 [running]:\nmain.main()\n\t/go/main.go:7",
      "I[time] starting | fatal error: out of memory",
    ],
  ])("that panics with a reason %s is told with it, and not with the stack", async (_, words, told) => {
    const script = `echo "I[time] starting"; sleep 0.1; cat >&2 <<'END'\n${words}\nEND\nexit 2`;
    const { ended } = await startCometProcess({ binary: await program(script), home });
    expect(endSentence(await ended)).toBe(`CometBFT ended by itself (exit code 2): ${told}`);
  });

  it("is not ended by a peer whose words look like that, which it quotes", async () => {
    const words = String.raw`E[time] Invalid message   module=statesync msg="metadata:\"E[time] CONSENSUS FAILURE!!! \"" err="height cannot be 0"`;
    const { ended } = await startCometProcess({ binary: await program(`cat <<'END'\n${words}\nEND\nsleep 0.3; exit 5`), home });
    expect(await ended).toMatchObject({ code: 5, signal: null });
  });

  it("is heard in short lines, also when it quotes megabytes that a peer has sent", async () => {
    const heard: string[] = [];
    const binary = await program("echo begin; head -c 4000000 /dev/zero | tr '\\0' x; echo; echo end; exit 1");
    const { ended } = await startCometProcess({ binary, home, log: (line) => heard.push(line) });
    expect(endSentence(await ended).length).toBeLessThan(10_000);
    expect(heard.map(({ length }) => length)).toEqual([5, 4_096, 3]);
  });

  it("whose number the disk does not take is ended: the next start would not find it", async () => {
    await mkdir(home.processId); // as good as a full disk
    const lives = join(folder, "lives");
    const script = `echo $$ > ${lives}.part; mv ${lives}.part ${lives}; exec sleep 60`;
    const binary = await program(script);
    await expect(startCometProcess({ binary, home })).rejects.toThrow("EISDIR");
    await sleep(300);
    const processId = Number(await readFile(lives, "utf8").catch(() => "0"));
    if (processId > 0) expect(() => process.kill(processId, 0)).toThrow("ESRCH");
  });

  it("that is not there is said in a sentence", async () => {
    await expect(startCometProcess({ binary: join(folder, "nothing"), home })).rejects.toThrow("install it and name its path");
  });
});
