import type { Message } from "@galen/ledger/tx/transaction";
import type { Names } from "@galen/sdk/acts/say";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "../frame/texts.ts";
import { useSigning } from "../signing/signing.tsx";
import { notify } from "../ui/notify.ts";
import { heldKey } from "./held-credentials.ts";
import { credentialTexts } from "./texts.ts";

interface Act {
  readonly message: Message;
  readonly names: Names;
  /** What is said of it afterwards. */
  readonly title: string;
  readonly text?: string;
}

/** Shows an act of an issuer, signs it, and looks anew at what the holder has. */
export function useCredentialAct(holder: string, onDone: () => void) {
  const t = useTexts(credentialTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ message, names }: Act) => sign({ messages: [message], names }),
    async onSuccess(_, { title, text = t("effect") }) {
      await queries.invalidateQueries({ queryKey: heldKey(holder) });
      void notify({ title, message: text });
      onDone();
    },
  });
}
