import { ownCompartments } from "@galen/gateway/reading/compartment-labels";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { Button, Checkbox } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { saveContact } from "../../keys/people-store.ts";
import { accountOfWords } from "../../keys/person.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { NameInput } from "../../ui/name-input.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Loading } from "../../ui/state.tsx";
import { Actions, Mono, Note } from "../../ui/surface.tsx";
import { WordList } from "../../ui/word-list.tsx";
import { accountTexts } from "./account-texts.ts";
import styles from "./open-account.module.css";
import type { Labels } from "./use-filing.ts";

interface OpenAccountProps {
  /** As the files name the patient. */
  readonly suggestedName: string;
  readonly onOpened: (account: string, labels: Labels) => void;
  readonly onClose: () => void;
}

/** Opens an account for a patient who has none: keys are made here, handed over on paper, and forgotten with the sheet. */
export function OpenAccount({ suggestedName, onOpened, onClose }: OpenAccountProps) {
  const t = useTexts(accountTexts);
  const [words] = useState(() => createSeedWords(webRandom));
  const { data: own } = useQuery({
    queryKey: ["new-patient", words],
    queryFn: () => accountOfWords(words, "person"),
    // Keys are no answers to keep.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Sheet opened onClose={onClose} title={t("title", { name: suggestedName })} size="xl" closeOnClickOutside={false}>
      {own ? <Letter {...{ own, words, suggestedName, onOpened, onClose }} /> : <Loading>{t("making")}</Loading>}
    </Sheet>
  );
}

interface LetterProps extends OpenAccountProps {
  readonly own: OwnAccount;
  readonly words: string;
}

function Letter({ own, words, suggestedName, onOpened, onClose }: LetterProps) {
  const t = useTexts(accountTexts);
  const [name, setName] = useState(suggestedName);
  const [isHandedOver, setHandedOver] = useState(false);
  const { mutate, isPending, error } = useOpening(own, name.trim(), (labels) => onOpened(own.account, labels));
  return (
    <div className={styles.sheet}>
      <div className={styles.screen} data-screen-only>
        <Note tone="warn">{t("askFirst")}</Note>
        <NameInput label={t("name")} description={t("nameHint")} isRequired value={name} onChange={setName} />
      </div>
      <Words name={name} account={own.account} words={words} />
      <div className={styles.screen} data-screen-only>
        <Button variant="default" className={styles.start} leftSection={<IconPrinter size={20} />} onClick={() => print()}>
          {t("print")}
        </Button>
        <Checkbox
          size="md"
          label={t("handedOver")}
          checked={isHandedOver}
          onChange={(event) => setHandedOver(event.currentTarget.checked)}
        />
        {error && !(error instanceof NotSignedError) && <Note tone="bad">{describeFailure(error).text}</Note>}
        <Actions>
          <Button size="lg" disabled={!isHandedOver || name.trim() === ""} loading={isPending} onClick={() => mutate()}>
            {t("open")}
          </Button>
          <Button size="lg" variant="default" disabled={isPending} onClick={onClose}>
            {t("cancel")}
          </Button>
        </Actions>
      </div>
    </div>
  );
}

interface WordsProps {
  readonly name: string;
  readonly account: string;
  readonly words: string;
}

/** What goes on paper. */
function Words({ name, account, words }: WordsProps) {
  const t = useTexts(accountTexts);
  return (
    <section className={styles.letter} aria-label={t("letterTitle", { name })}>
      <h3>{t("letterTitle", { name })}</h3>
      <p>{t("letterText")}</p>
      <WordList words={words} />
      <p>
        {t("number")} <Mono>{account}</Mono>
      </p>
      <p>{t("letterUse", { address: location.origin })}</p>
    </section>
  );
}

/** Signs the account's founding with its own new keys, and remembers name and number. */
function useOpening(own: OwnAccount, name: string, onOpened: (labels: Labels) => void) {
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sign({ messages: [own.creation], as: own, names: (id) => (id === own.account ? name : undefined) }),
    async onSuccess() {
      await saveContact({ account: own.account, name, part: "patient" });
      await queries.invalidateQueries({ queryKey: ["names"] });
      // The patient's own labels are used while the files are here, and kept nowhere.
      onOpened(new Map([...ownCompartments(own)].map(([label, compartment]) => [compartment, label])));
    },
  });
}
