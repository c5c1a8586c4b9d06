import { offers } from "@galen/ledger/modules/custody/state";
import { offerKeys } from "@galen/ledger/modules/custody/testing/custodians";
import { custodian, found, houses } from "@galen/ledger/modules/custody/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { expect, it } from "vitest";
import { provingClient } from "../proofs/testing/proving-client.ts";
import { custodianOrganisations } from "./custodian-organisations.ts";

it("an offer names an organisation for as long as its node speaks for it", async () => {
  const { chain } = await found();
  await offerKeys(chain, { kind: "generate", threshold: 2, custodians: [custodian(1), custodian(2)] });
  const offered = [1, 2].map((index) => {
    const { account } = custodian(index);
    return { account, sealingKey: offers.get(chain.ledger.read(), account)!.sealingKey };
  });
  const both = offered.map(({ account }, at) => [account, houses[at]!.account] as const);
  expect(await custodianOrganisations(provingClient(chain), offered)).toEqual(new Map(both));

  const [leaving] = houses;
  await expectDone(chain.run(leaving!, { type: "validators.leave", value: { organisation: leaving!.account } }));
  expect(await custodianOrganisations(provingClient(chain), offered)).toEqual(new Map(both.slice(1)));
});
