import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "../../frame/texts.ts";
import { forgetPerson, type SavedPerson } from "../../keys/people-store.ts";
import { accountHere, leave } from "../../keys/person.ts";
import { tellTabs } from "../../keys/tabs.ts";
import { forgetDocuments } from "../../records/kept-documents.ts";
import { Actions } from "../../ui/surface.tsx";
import styles from "./start.module.css";
import { startTexts } from "./texts.ts";

/** Takes a wallet and what it opened out of this browser, after saying what that means. */
export function ForgetForm({ person, onDone }: { readonly person: SavedPerson; readonly onDone: () => void }) {
  const t = useTexts(startTexts);
  const queries = useQueryClient();
  const forgetting = useMutation({
    async mutationFn() {
      // First the wallet: a tab in which it is open keeps no document of somebody who is forgotten.
      await forgetPerson(person.account);
      await forgetDocuments(person.account);
    },
    async onSuccess() {
      if (accountHere() === person.account) leave();
      tellTabs({ kind: "forgotten", account: person.account });
      await queries.invalidateQueries({ queryKey: ["people"] });
      onDone();
    },
  });
  return (
    <div className={styles.form}>
      <p>{t("forgetText")}</p>
      <Actions>
        <Button color="rust" onClick={() => forgetting.mutate()} loading={forgetting.isPending}>
          {t("forget")}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t("cancel")}
        </Button>
      </Actions>
    </div>
  );
}
