import type { Role } from "@galen/ledger/modules/accounts/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { roles as roleWords } from "@galen/sdk/acts/vocabulary";
import type { KnownMember } from "@galen/sdk/organisations/members";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dayOf, endOfDay } from "../../frame/days.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { shortId } from "../../keys/names.ts";
import { saveContact } from "../../keys/people-store.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { Question, SeveralChips } from "../../ui/chips.tsx";
import { DayInput } from "../../ui/day-input.tsx";
import { NameInput } from "../../ui/name-input.tsx";
import { notify } from "../../ui/notify.ts";
import { Actions, Note } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import { peopleTexts } from "./people-texts.ts";
import { staffKey } from "./staff.ts";

const allRoles = Object.keys(roleWords) as Role[];

interface RolesFormProps {
  readonly house: string;
  /** Without roles: somebody who does not work here yet. */
  readonly person: Pick<KnownMember, "member"> & Partial<KnownMember>;
  /** As this browser knows the person; undefined for somebody of whom it knows the account alone. */
  readonly name: string | undefined;
  readonly onDone: () => void;
}

/** Which roles somebody has at the house, and until when. The ledger is asked; here nothing is decided. */
export function RolesForm({ house, person, name, onDone }: RolesFormProps) {
  const t = useTexts(peopleTexts);
  const { member, roles, until } = person;
  const [chosen, setChosen] = useState<readonly Role[]>(roles ?? []);
  const [givenName, setGivenName] = useState(name ?? "");
  const [lastDay, setLastDay] = useState(until === undefined ? "" : dayOf(until));
  const calledName = givenName.trim() || shortId(member);
  const { mutate, isPending, error } = useMembershipChange({ house, member, name: calledName, isNamed: givenName.trim() !== "" }, onDone);
  const end = lastDay === "" ? undefined : endOfDay(lastDay);
  const isOver = end !== undefined && end <= Date.now();
  const removal = { type: "accounts.removeMember", value: { organisation: house, member } };
  const value = { organisation: house, member, roles: [...chosen], ...(end === undefined ? {} : { until: end }) };
  return (
    <form
      className={styles.roles}
      onSubmit={(event) => {
        event.preventDefault();
        mutate({ type: "accounts.setMember", value });
      }}
    >
      {name === undefined && <NameInput label={t("name")} description={t("nameHint")} value={givenName} onChange={setGivenName} />}
      <RoleChoice name={calledName} chosen={chosen} onChange={setChosen} />
      <DayInput
        label={t("lastDay")}
        description={t("lastDayHint")}
        value={lastDay}
        onChange={setLastDay}
        error={isOver ? t("isOver") : undefined}
      />
      {error && !(error instanceof NotSignedError) && <Note tone="bad">{describeFailure(error, peopleTexts).text}</Note>}
      <Actions>
        <Button type="submit" loading={isPending} disabled={chosen.length === 0 || isOver}>
          {t("sign")}
        </Button>
        {roles && <RemoveButton isPending={isPending} onRemove={() => mutate(removal)} />}
        <Button variant="default" disabled={isPending} onClick={onDone}>
          {t("cancel")}
        </Button>
      </Actions>
    </form>
  );
}

function RemoveButton({ isPending, onRemove }: { readonly isPending: boolean; readonly onRemove: () => void }) {
  const t = useTexts(peopleTexts);
  return (
    <Button variant="outline" color="rust" disabled={isPending} onClick={onRemove}>
      {t("remove")}
    </Button>
  );
}

interface RoleChoiceProps {
  readonly name: string;
  readonly chosen: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}

function RoleChoice({ name, chosen, onChange }: RoleChoiceProps) {
  const t = useTexts(peopleTexts);
  const language = useLanguage();
  return (
    <Question label={t("roles", { name })}>
      <SeveralChips values={allRoles} chosen={chosen} labelOf={(role) => roleWords[role][language]} onChange={onChange} />
      <p className={styles.quiet}>{t("rolesText")}</p>
    </Question>
  );
}

interface Changed {
  readonly house: string;
  readonly member: string;
  readonly name: string;
  /** Whether `name` is a name, and no number. */
  readonly isNamed: boolean;
}

/** Signs the change, remembers whom it names, and looks anew at what the ledger says. */
function useMembershipChange({ house, member, name, isNamed }: Changed, onDone: () => void) {
  const t = useTexts(peopleTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (message: Message) => sign({ messages: [message], names: (id) => (id === member && isNamed ? name : undefined) }),
    async onSuccess(_, { type }) {
      const isHere = type === "accounts.setMember";
      if (isHere && isNamed) await saveContact({ account: member, name, worksFor: house });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: staffKey(house) });
      void notify({ title: t(isHere ? "changed" : "removed", { name }), message: t("effect") });
      onDone();
    },
  });
}
