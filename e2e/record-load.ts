import { randomBytes, randomInt } from "node:crypto";
import {
  type Client,
  compartmentLabel,
  fileDocuments,
  GalenError,
  grantAccess,
  type NewDocument,
  type OpenedObject,
  type OwnAccount,
  readGranted,
  readOwn,
  releaseLog,
} from "@galen/sdk";
import { isNoVerdict } from "@galen/sdk/client/galen-error";

/** A patient's documents, filed and read while the node comes and goes. */
export interface RecordLoad {
  /** Documents that were acknowledged as filed, and requests that opened some, until now. */
  counts(): { readonly filed: number; readonly released: number };
  /** Sends no more and resolves when nothing is under way. Rejects on any answer that a node which comes and goes does not explain. */
  end(): Promise<void>;
  /** What the node has not of that which was acknowledged, in words. */
  missing(client: Client): Promise<readonly string[]>;
}

interface Cast {
  readonly author: OwnAccount;
  readonly patient: OwnAccount;
  readonly reader: OwnAccount;
}

const DAY_MS = 86_400_000;
const MAX_BYTES = 16_384;

/** `client` reaches whichever node runs by then. */
export async function createRecordLoad(client: Client, { author, patient, reader }: Cast): Promise<RecordLoad> {
  const { grantId } = await grantAccess(client, {
    as: patient,
    grantee: { kind: "person", account: reader.account },
    covers: { kind: "everything" },
    purposes: ["TREAT"],
    until: Date.now() + DAY_MS,
  });
  const compartment = compartmentLabel(patient.keys.compartmentKey, "general");
  const filed = new Map<string, NewDocument>();
  const released = new Set<string>();
  let isOver = false;

  /** The same document until it is acknowledged. */
  let unfiled: NewDocument | undefined;
  async function file(): Promise<void> {
    const objectId = randomBytes(32).toString("hex");
    unfiled ??= { objectId, plaintext: randomBytes(randomInt(MAX_BYTES)), owner: patient.account, compartment };
    await fileDocuments(client, { as: author, documents: [unfiled] });
    filed.set(unfiled.objectId, unfiled);
    unfiled = undefined;
  }

  async function read(): Promise<void> {
    const objectIds = [...filed.keys()].slice(-3);
    const { opened, releaseIds } = await readGranted(client, { as: reader, objectIds, purpose: "TREAT", grantId });
    if (differing(filed, opened).length > 0) throw new Error("a reading gave other bytes than were filed");
    for (const releaseId of releaseIds) released.add(releaseId);
  }

  async function untilOver(act: () => Promise<void>): Promise<void> {
    while (!isOver) {
      try {
        await act();
      } catch (error) {
        if (!(error instanceof GalenError) || !isNoVerdict(error)) throw error;
      }
    }
  }

  await file();
  const working = Promise.all([untilOver(file), untilOver(read)]);
  working.catch(() => undefined); // who ends it hears of it
  return {
    counts: () => ({ filed: filed.size, released: released.size }),
    async end() {
      isOver = true;
      await working;
    },
    async missing(through) {
      const opened = await readOwn(through, { as: patient, objectIds: [...filed.keys()] });
      const unlogged = new Set(released);
      for await (const { releaseId } of releaseLog(through, patient.account)) unlogged.delete(releaseId);
      return [...differing(filed, opened).map((objectId) => `document ${objectId}`), ...[...unlogged].map((id) => `log entry ${id}`)];
    },
  };
}

type Opened = readonly OpenedObject[];

/** Ids of what opened as something else than was filed. */
function differing(filed: ReadonlyMap<string, NewDocument>, opened: Opened): readonly string[] {
  const isOther = ({ object, plaintext }: Opened[number]) => !Buffer.from(plaintext).equals(filed.get(object.objectId)!.plaintext);
  return opened.filter(isOther).map(({ object }) => object.objectId);
}
