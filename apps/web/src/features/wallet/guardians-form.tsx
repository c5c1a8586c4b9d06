import type { KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { newlyNamed, useNames } from "../../keys/names.ts";
import { saveContact } from "../../keys/people-store.ts";
import { usePerson } from "../../keys/person.ts";
import { PersonField } from "../../people/person-field.tsx";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { Chips, Question } from "../../ui/chips.tsx";
import { notify } from "../../ui/notify.ts";
import { Row } from "../../ui/row.tsx";
import { Actions, Avatar, Note } from "../../ui/surface.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { recoveriesKey, useNameOf, useSpanWords } from "./recoveries.ts";

const DAY_MS = 86_400_000;
/** Long enough to be noticed on a journey, short enough to be waited for. */
const delays = [DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 30 * DAY_MS] as const;
const USUAL_DELAY_MS = 7 * DAY_MS;
/** The ledger's limit; a person knows fewer whom to trust so. */
const MAX_GUARDIANS = 16;

/** Guardians while they are being thought about. */
interface Draft {
  /** With the names of their codes, where they were met so. */
  readonly people: readonly CodeContent[];
  readonly threshold: number;
  readonly delayMs: number;
}

/** More than half, so that two groups cannot act against each other. */
const majority = (count: number) => Math.floor(count / 2) + 1;

interface FormProps {
  readonly guardianship: KnownRecoveries["guardianship"];
  readonly onDone: () => void;
}

export function GuardiansForm({ guardianship, onDone }: FormProps) {
  const t = useTexts(guardianTexts);
  const [draft, setDraft] = useState<Draft>(() => ({
    people: (guardianship?.guardians ?? []).map((account) => ({ account, name: "" })),
    threshold: guardianship?.threshold ?? 1,
    delayMs: guardianship?.delayMs ?? USUAL_DELAY_MS,
  }));
  const naming = useNaming(draft, onDone);
  const choose = (people: readonly CodeContent[]) => setDraft({ ...draft, people, threshold: majority(people.length) });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        naming.mutate();
      }}
    >
      {draft.people.length > 0 && <Chosen people={draft.people} onChange={choose} />}
      {draft.people.length < MAX_GUARDIANS && (
        <Adding key={draft.people.length} people={draft.people} onAdd={(person) => choose([...draft.people, person])} />
      )}
      {draft.people.length > 0 && <Terms draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} />}
      {naming.error && !(naming.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(naming.error).text}</Note>}
      <Actions>
        <Button type="submit" formNoValidate size="lg" disabled={draft.people.length === 0} loading={naming.isPending}>
          {t("sign")}
        </Button>
        <Button size="lg" variant="default" onClick={onDone}>
          {t("cancel")}
        </Button>
      </Actions>
    </form>
  );
}

interface ChosenProps {
  readonly people: readonly CodeContent[];
  readonly onChange: (people: readonly CodeContent[]) => void;
}

function Chosen({ people, onChange }: ChosenProps) {
  const t = useTexts(guardianTexts);
  const nameOf = useNameOf();
  const named = people.map((person) => ({ person, name: person.name || nameOf(person.account) }));
  return (
    <ul className={styles.people}>
      {named.map(({ person, name }) => (
        <li key={person.account}>
          <Row
            lead={<Avatar name={name} />}
            aside={
              <Button
                variant="subtle"
                color="gray"
                aria-label={t("takeOut", { name })}
                onClick={() => onChange(people.filter((one) => one !== person))}
              >
                <IconX size={20} aria-hidden="true" />
              </Button>
            }
          >
            <strong>{name}</strong>
          </Row>
        </li>
      ))}
    </ul>
  );
}

interface AddingProps {
  readonly people: readonly CodeContent[];
  readonly onAdd: (person: CodeContent) => void;
}

function Adding({ people, onAdd }: AddingProps) {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const [person, setPerson] = useState<CodeContent>();
  const isNew = person !== undefined && person.account !== own.account && people.every(({ account }) => account !== person.account);
  return (
    <div className={styles.field}>
      <PersonField label={t("who")} isSought={() => true} value={person} onChange={setPerson} />
      <Button variant="light" disabled={!isNew} onClick={() => person && onAdd(person)}>
        {t("add")}
      </Button>
    </div>
  );
}

interface TermsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

function Terms({ draft: { people, threshold, delayMs }, onChange }: TermsProps) {
  const t = useTexts(guardianTexts);
  const spanWords = useSpanWords();
  const counts = people.map((_, index) => index + 1);
  const spans = delays.some((one) => one === delayMs) ? delays : [delayMs, ...delays];
  return (
    <>
      <Question label={t("needed")}>
        <Chips
          values={counts}
          chosen={threshold}
          labelOf={(value) => t("neededOf", { threshold: value, count: people.length })}
          onChange={(chosen) => onChange({ threshold: chosen })}
        />
      </Question>
      {threshold === 1 && <Note tone="warn">{t("alone")}</Note>}
      <Question label={t("delay")}>
        <Chips values={spans} chosen={delayMs} labelOf={spanWords} onChange={(chosen) => onChange({ delayMs: chosen })} />
      </Question>
    </>
  );
}

/** Signs the guardians, and remembers those who were met by their codes. */
function useNaming({ people, threshold, delayMs }: Draft, onDone: () => void) {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const names = useNames();
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      const guardians = people.map(({ account }) => account);
      await sign({ messages: [{ type: "accounts.setGuardians", value: { account: own.account, guardians, threshold, delayMs } }] });
      await Promise.all(newlyNamed(people, names).map(saveContact));
    },
    async onSuccess() {
      void notify({ title: t("saved"), message: t("savedText") });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: recoveriesKey });
      onDone();
    },
  });
}
