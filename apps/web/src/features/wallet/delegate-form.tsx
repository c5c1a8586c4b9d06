import { type Delegation, Scope } from "@galen/ledger/modules/accounts/schema";
import { Button, Checkbox } from "@mantine/core";
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
import { Note } from "../../ui/surface.tsx";
import { delegateTexts } from "./delegate-texts.ts";
import styles from "./guardians.module.css";
import { useNameOf } from "./recoveries.ts";

type Scopes = Delegation["scopes"];

const DAY_MS = 86_400_000;
const spans = [30, 90, 365] as const;
const allScopes = (Scope as unknown as { readonly enum: Scopes }).enum;
/** What a relative needs who keeps an eye on things, and no more. */
const USUAL: Scopes = ["records.read", "log.read"];

interface Draft {
  readonly person: CodeContent | undefined;
  readonly scopes: Scopes;
  readonly days: (typeof spans)[number];
}

/** Lets somebody act for the one who sits here. */
export function DelegateForm() {
  const t = useTexts(delegateTexts);
  const { own } = usePerson();
  const [draft, setDraft] = useState<Draft>({ person: undefined, scopes: USUAL, days: 365 });
  const giving = useGiving(draft);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const isSelf = draft.person?.account === own.account;
  const isReady = draft.person !== undefined && !isSelf && draft.scopes.length > 0;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        giving.mutate();
      }}
    >
      <div className={styles.field}>
        <PersonField
          label={t("who")}
          isSought={() => true}
          unfit={isSelf ? t("self") : undefined}
          value={draft.person}
          onChange={(person) => change({ person })}
        />
      </div>
      <WhatField scopes={draft.scopes} onChange={(scopes) => change({ scopes })} />
      <Question label={t("howLong")}>
        <Chips values={spans} chosen={draft.days} labelOf={(days) => t(`span.${days}`)} onChange={(days) => change({ days })} />
      </Question>
      {giving.error && !(giving.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(giving.error).text}</Note>}
      <Button type="submit" size="lg" disabled={!isReady} loading={giving.isPending}>
        {t("sign")}
      </Button>
    </form>
  );
}

function WhatField({ scopes, onChange }: { readonly scopes: Scopes; readonly onChange: (scopes: Scopes) => void }) {
  const t = useTexts(delegateTexts);
  return (
    <Question label={t("what")}>
      {allScopes.map((scope) => (
        <Checkbox
          key={scope}
          size="md"
          label={t(`scope.${scope}`)}
          checked={scopes.includes(scope)}
          onChange={({ currentTarget: { checked } }) =>
            onChange(allScopes.filter((one) => (one === scope ? checked : scopes.includes(one))))
          }
        />
      ))}
    </Question>
  );
}

function useGiving({ person, scopes, days }: Draft) {
  const t = useTexts(delegateTexts);
  const { own } = usePerson();
  const names = useNames();
  const nameOf = useNameOf();
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      if (!person) throw new RangeError("a delegation names somebody");
      const { account: delegate, name } = person;
      const value = { owner: own.account, delegate, scopes, until: Date.now() + days * DAY_MS, ground: "chosen" };
      await sign({
        messages: [{ type: "accounts.delegate", value }],
        names: (id) => (id === delegate && name !== "" ? name : undefined),
      });
      await rememberSigned([person], names);
      return person;
    },
    async onSuccess({ account, name }) {
      void notify({ title: t("saved", { name: name || nameOf(account) }), message: t("savedText") });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: ["delegations"] });
    },
  });
}
