import { createHash } from "node:crypto";
import { ftruncateSync, writeSync } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../sync-folder.ts";
import type { LastSigned, LastSignedPort } from "./last-signed.ts";

/** A port that keeps its files open. */
export interface LastSignedFiles extends LastSignedPort {
  close(): Promise<void>;
}

/**
 * Keeps the last vote in the folder, in two files that are written in turn, each with one fsync and no rename: a write that was cut short spoils
 * only the older vote's file. A file is JSON as CometBFT's `priv_validator_state.json` (height, round, step, signature, signbytes; the
 * rest is ours, and CometBFT passes over it), so the one with the greater height can be handed to CometBFT as it is.
 */
export async function openLastSignedFiles(folder: string): Promise<LastSignedFiles> {
  const files = await Promise.all(["last-signed-0.json", "last-signed-1.json"].map((name) => openFile(join(folder, name))));
  await syncFolder(folder);
  return {
    async read() {
      const votes = await Promise.all(files.map(readVote));
      return votes.reduce((newer, vote) => (vote && (!newer || vote.height > newer.height) ? vote : newer), undefined);
    },
    async write(vote) {
      const file = files[vote.height % 2]!;
      const bytes = Buffer.from(formatVote(vote));
      // Only the disk is waited for: under load the event loop comes round once in tens of milliseconds, and each step would wait for that.
      for (let at = 0; at < bytes.length; ) at += writeSync(file.fd, bytes, at, bytes.length - at, at);
      ftruncateSync(file.fd, bytes.length);
      await file.datasync();
    },
    async close() {
      await Promise.all(files.map((file) => file.close()));
    },
  };
}

function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
}

// Built by hand: JSON.stringify would scan megabytes of base64 for characters to escape.
function formatVote({ height, round, step, signature, signBytes, commit, block }: LastSigned): string {
  const vote =
    `{"height":"${height}","round":${round},"step":${step},"signature":"${base64(signature)}",` +
    `"signbytes":"${hex(signBytes)}","commit":"${base64(commit)}","block":"${base64(block)}"`;
  return `${vote},"sha256":"${sha256(vote)}"}\n`;
}

async function readVote(file: FileHandle): Promise<LastSigned | undefined> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, 0);
  return parseVote(bytes.toString("latin1"));
}

/** The vote that a file tells, read as Latin-1; undefined when it is empty, was cut short, or tells something else. */
export function parseVote(text: string): LastSigned | undefined {
  const match = /^(\{.*),"sha256":"([0-9a-f]{64})"\}\n$/s.exec(text);
  if (!match || sha256(match[1]!) !== match[2]) return undefined;
  const vote = JSON.parse(`${match[1]}}`) as Record<"height" | "signature" | "signbytes" | "commit" | "block", string> & {
    round: number;
    step: number;
  };
  return {
    height: Number(vote.height),
    round: vote.round,
    step: vote.step,
    signature: Buffer.from(vote.signature, "base64"),
    signBytes: Buffer.from(vote.signbytes, "hex"),
    commit: Buffer.from(vote.commit, "base64"),
    block: Buffer.from(vote.block, "base64"),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

// CometBFT writes and reads signbytes in uppercase hexadecimal.
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex").toUpperCase();
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}
