import type { Membership, Role } from "@galen/ledger/modules/accounts/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { roles as roleWords } from "@galen/sdk/acts/vocabulary";
import { Button, Chip } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { saveContact } from "../../keys/people-store.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Note } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import { peopleTexts } from "./people-texts.ts";

const allRoles = Object.keys(roleWords) as Role[];

interface RolesFormProps {
  readonly house: string;
  readonly member: string;
  readonly name: string;
  readonly membership: Membership | undefined;
  readonly onDone: () => void;
}

/** Which roles somebody has at the house. The ledger is asked; here nothing is decided. */
export function RolesForm({ membership, onDone, ...who }: RolesFormProps) {
  const t = useTexts(peopleTexts);
  const { house: organisation, member, name } = who;
  const [chosen, setChosen] = useState<readonly Role[]>(membership?.roles ?? []);
  const { mutate, isPending, error } = useMembershipChange(who, onDone);
  const until = membership?.until === undefined ? {} : { until: membership.until };
  return (
    <form
      className={styles.roles}
      onSubmit={(event) => {
        event.preventDefault();
        mutate({ type: "accounts.setMember", value: { organisation, member, roles: [...chosen], ...until } });
      }}
    >
      <RoleChoice name={name} chosen={chosen} onChange={setChosen} />
      {error && !(error instanceof NotSignedError) && <Note tone="bad">{describeFailure(error).text}</Note>}
      <div className={styles.actions}>
        <Button type="submit" loading={isPending} disabled={chosen.length === 0}>
          {t("sign")}
        </Button>
        {membership && (
          <Button
            variant="outline"
            color="rust"
            disabled={isPending}
            onClick={() => mutate({ type: "accounts.removeMember", value: { organisation, member } })}
          >
            {t("remove")}
          </Button>
        )}
        <Button variant="default" disabled={isPending} onClick={onDone}>
          {t("cancel")}
        </Button>
      </div>
    </form>
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
    <fieldset className={styles.choice}>
      <legend>{t("roles", { name })}</legend>
      <p className={styles.quiet}>{t("rolesText")}</p>
      <Chip.Group multiple value={[...chosen]} onChange={(values) => onChange(allRoles.filter((role) => values.includes(role)))}>
        <div className={styles.actions}>
          {allRoles.map((role) => (
            <Chip key={role} size="md" value={role}>
              {roleWords[role][language]}
            </Chip>
          ))}
        </div>
      </Chip.Group>
    </fieldset>
  );
}

/** Signs the change, remembers whom it names, and looks anew at what the ledger says. */
function useMembershipChange({ house, member, name }: Pick<RolesFormProps, "house" | "member" | "name">, onDone: () => void) {
  const t = useTexts(peopleTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (message: Message) => sign({ messages: [message], names: (id) => (id === member ? name : undefined) }),
    async onSuccess(_, { type }) {
      if (type === "accounts.setMember") await saveContact({ account: member, name, worksFor: house });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: ["staff", house, member] });
      void notify({ title: t(type === "accounts.setMember" ? "changed" : "removed", { name }), message: t("effect") });
      onDone();
    },
  });
}
