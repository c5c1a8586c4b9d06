import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "../../frame/texts.ts";
import { forgetPerson, type SavedPerson } from "../../keys/people-store.ts";
import { leave } from "../../keys/person.ts";
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
      await forgetDocuments(person.account);
      await forgetPerson(person.account);
    },
    async onSuccess() {
      leave();
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
