import type { Ledger } from "@galen/ledger/app/ledger";
import { decodeUtf8 } from "@galen/ledger/crypto/utf8";
import { MAX_STATE_KEY_LENGTH, stateKeyBytes } from "@galen/ledger/store/state-hash";
import { StoreError } from "@galen/ledger/store/store-error";
import type { Application, ResponseOf } from "../abci/messages.ts";

const NOTHING = new Uint8Array(0);
const UNKNOWN_PATH = 1;
const HEIGHT_NOT_HELD = 2;
const NO_KEY = 3;

/** What is asked of the state through CometBFT: values by key at path /state. Proofs come from the node's own interface. */
export function createQuery(ledger: Ledger): Pick<Application, "echo" | "flush" | "query"> {
  function query({ data, path, height }: Parameters<Application["query"]>[0]): ResponseOf<"query"> {
    if (path !== "/state") return refused(UNKNOWN_PATH, 'the path must be "/state", data the state key');
    const key = decodeUtf8(data);
    if (key === undefined || !stateKeyBytes(key))
      return refused(NO_KEY, `data must be 1 to ${MAX_STATE_KEY_LENGTH} characters of printable ASCII`);
    try {
      const at = height === 0 ? ledger.durableHeight : height;
      return { code: 0, log: "", key: data, value: ledger.state.getAt(at, key) ?? NOTHING, height: at, codespace: "" };
    } catch (error) {
      if (error instanceof StoreError) return refused(HEIGHT_NOT_HELD, error.message);
      throw error;
    }
  }

  return { echo: ({ message }) => ({ message }), flush: () => ({}), query };
}

function refused(code: number, log: string): ResponseOf<"query"> {
  return { code, log, key: NOTHING, value: NOTHING, height: 0, codespace: "query" };
}
