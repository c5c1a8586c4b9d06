import { Button } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { useOwnRequests } from "../../proposals/own-proposals.ts";
import { Gist } from "../../ui/gist.tsx";
import styles from "./requests.module.css";
import { requestsTexts } from "./requests-texts.ts";

/** Says on the pages that people open first that somebody waits for an answer. Nothing while nobody does. */
export function RequestsNotice() {
  const t = useTexts(requestsTexts);
  const { own } = usePerson();
  const { data } = useOwnRequests();
  const count = data?.filter(({ proposal, state }) => state === "open" && proposal.proposer !== own.account).length ?? 0;
  if (count === 0) return null;
  return (
    <div className={styles.notice} role="status" data-screen-only>
      <Gist>
        <div className={styles.noticeLine}>
          <IconUserQuestion size={26} aria-hidden="true" />
          <strong>{t("noticeTitle", { count })}</strong>
          <Button component={Link} to="/wallet/requests">
            {t("notice")}
          </Button>
        </div>
      </Gist>
    </div>
  );
}
