import { appointingMessages, cardSigner, fetchCardSigner } from "@galen/sdk/organisations/card-signer";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTexts } from "../../frame/texts.ts";
import { saveContact } from "../../keys/people-store.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { cardsTexts } from "./cards-texts.ts";
import { staffKey } from "./staff.ts";

/** The house's card signer, and what the ledger says of it. */
export function useCardSigner() {
  const { own } = usePerson();
  const network = useNetwork();
  const signer = useMemo(() => cardSigner(own.keys), [own]);
  const known = useQuery({
    queryKey: ["card-signer", own.account],
    enabled: network.data !== undefined,
    queryFn: () => fetchCardSigner(network.data!.client, { organisation: own.account, signer: signer.account }),
  });
  return { signer, known };
}

/** Appoints the card signer; both sign. */
export function useAppointing() {
  const t = useTexts(cardsTexts);
  const { own } = usePerson();
  const { signer, known } = useCardSigner();
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      sign({
        messages: appointingMessages(own.account, signer, known.data!),
        with: [signer],
        names: (id) => (id === signer.account ? t("signer") : undefined),
      }),
    async onSuccess() {
      await saveContact({ account: signer.account, name: t("signer"), worksFor: own.account });
      void notify({ title: t("appointed"), message: t("appointedText") });
      const changed = [["names"], ["card-signer", own.account], staffKey(own.account)];
      await Promise.all(changed.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}
