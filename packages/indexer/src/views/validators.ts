import type { setChanged } from "@galen/ledger/modules/validators/events";
import type { Writer } from "../database.ts";
import type { IndexedBlock } from "../source.ts";
import { nextNumber } from "./next-number.ts";
import type { View } from "./view.ts";

/** Every validator set since the first change, and each organisation's power in it: power over time. */
export const validatorsView: View = {
  async "validators.setChanged"(writer: Writer, change: Parameters<typeof setChanged>[0], { height, time }: IndexedBlock) {
    const { epoch, policy, isComplete, validators } = change;
    const { number } = await writer
      .insertInto("validator_sets")
      .values({ number: nextNumber("validator_sets"), height, at: time, epoch, policy, is_complete: isComplete ? 1 : 0 })
      .returning("number")
      .executeTakeFirstOrThrow();
    const powers = validators.map(({ organisation, publicKey, power }) => ({
      number,
      public_key: publicKey,
      organisation: organisation ?? null,
      power,
    }));
    await writer.insertInto("validator_powers").values(powers).execute();
  },
};
