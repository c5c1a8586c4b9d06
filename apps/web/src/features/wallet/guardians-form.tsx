import type { KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { rememberSigned } from "../../keys/remember.ts";
import { PersonField } from "../../people/person-field.tsx";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { Chips, Question } from "../../ui/chips.tsx";
import { notify } from "../../ui/notify.ts";
import { Row } from "../../ui/row.tsx";
import { Actions, Avatar, Note } from "../../ui/surface.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { callGuardian, delays, draftOf, type GuardiansDraft, guardiansMessage, isFull, whyUnfit, withPeople } from "./guardians-draft.ts";
import { recoveriesKey, useNameOf, useSpanWords } from "./recoveries.ts";

interface FormProps {
  readonly guardianship: KnownRecoveries["guardianship"];
  readonly onDone: () => void;
}

export function GuardiansForm({ guardianship, onDone }: FormProps) {
  const t = useTexts(guardianTexts);
  const [draft, setDraft] = useState(() => draftOf(guardianship));
  /** Who is named in the field and not added yet. */
  const [named, setNamed] = useState<CodeContent>();
  const { own } = usePerson();
  const naming = useNaming(onDone);
  const unfit = named && whyUnfit(draft, named, own.account);
  function change(next: GuardiansDraft): GuardiansDraft {
    // What was refused was said of the ones before.
    naming.reset();
    setDraft(next);
    return next;
  }
  function add(person: CodeContent): GuardiansDraft {
    setNamed(undefined);
    return change(withPeople(draft, [...draft.people, person]));
  }
  return (
    <div className={styles.form}>
      {draft.people.length > 0 && <Chosen draft={draft} onChange={(people) => change(withPeople(draft, people))} />}
      {!isFull(draft) && (
        <Adding key={draft.people.length} isFirst={draft.people.length === 0} named={named} unfit={unfit} onChange={setNamed} onAdd={add} />
      )}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          // Whoever was named and not added yet is meant, too: the sheet tells all of them.
          naming.mutate(named && !unfit ? add(named) : draft);
        }}
      >
        {draft.people.length > 0 && <Terms draft={draft} onChange={(part) => change({ ...draft, ...part })} />}
        {naming.error && !(naming.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(naming.error).text}</Note>}
        <Actions>
          <Button type="submit" size="lg" disabled={draft.people.length === 0} loading={naming.isPending}>
            {t("sign")}
          </Button>
          <Button size="lg" variant="default" onClick={onDone}>
            {t("cancel")}
          </Button>
        </Actions>
      </form>
    </div>
  );
}

interface ChosenProps {
  readonly draft: GuardiansDraft;
  readonly onChange: (people: GuardiansDraft["people"]) => void;
}

function Chosen({ draft, onChange }: ChosenProps) {
  const t = useTexts(guardianTexts);
  const names = useNames();
  const nameOf = useNameOf();
  const named = draft.people.map((person) => ({ person, name: callGuardian(draft, names, person.account) ?? nameOf(person.account) }));
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
                onClick={() => onChange(draft.people.filter((one) => one !== person))}
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
  readonly isFirst: boolean;
  readonly named: CodeContent | undefined;
  readonly unfit: ReturnType<typeof whyUnfit>;
  readonly onChange: (person: CodeContent | undefined) => void;
  readonly onAdd: (person: CodeContent) => void;
}

/** A form of its own, so that the enter key adds and does not sign. */
function Adding({ isFirst, named, unfit, onChange, onAdd }: AddingProps) {
  const t = useTexts(guardianTexts);
  return (
    <form
      className={styles.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (named) onAdd(named);
      }}
    >
      <PersonField
        label={t("who")}
        isSought={() => true}
        isRequired={isFirst}
        unfit={unfit && t(unfit)}
        value={named}
        onChange={onChange}
      />
      <Button type="submit" formNoValidate variant="light" disabled={!named || unfit !== undefined}>
        {t("add")}
      </Button>
    </form>
  );
}

interface TermsProps {
  readonly draft: GuardiansDraft;
  readonly onChange: (part: Partial<GuardiansDraft>) => void;
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
function useNaming(onDone: () => void) {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const names = useNames();
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn(draft: GuardiansDraft) {
      await sign({ messages: [guardiansMessage(draft, own.account)], names: (account) => callGuardian(draft, names, account) });
      await rememberSigned(draft.people, names);
    },
    async onSuccess() {
      void notify({ title: t("saved"), message: t("savedText") });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: recoveriesKey });
      onDone();
    },
  });
}
