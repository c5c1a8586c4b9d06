import type { Answer } from "@galen/sdk/client/answer";
import { Button } from "@mantine/core";
import { usePurposeWords } from "../chart/purpose-words.ts";
import { useDeskOf } from "../frame/desks.ts";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { requireNetwork } from "../network/network.tsx";
import { dismiss, notify } from "../ui/notify.ts";
import type { OwnProposal } from "./own-proposals.ts";
import styles from "./proposals.module.css";
import { tellTexts } from "./tell-texts.ts";

/** Something to say in the corner, and where one goes for it. */
interface Told {
  readonly title: string;
  readonly message: string;
  readonly to: string;
}

/** Where requests are answered, and where the answer is read. */
const REQUESTS = "/wallet/requests";
const ASKED = "/clinician/requests";

/** Tells who is asked for a signature, and who asked, what becomes of it while it happens. */
export function useTellProposal(): (event: Answer) => Promise<void> {
  const { own } = usePerson();
  const asked = useAskedWords();
  const answered = useAnsweredWords();
  return async ({ type, data }) => {
    const proposalId = String((data as { readonly proposalId?: unknown }).proposalId);
    // What reads proposals comes with the first one.
    const [{ client }, { fetchOwnProposal }] = await Promise.all([requireNetwork(), import("./own-proposals.ts")]);
    const proposal = await fetchOwnProposal(client, own, proposalId);
    const isMine = proposal.known.proposer === own.account;
    const told = isMine ? answered(proposal, String(type)) : type === "approvals.proposed" ? asked(proposal) : undefined;
    // Answered, here or elsewhere, it asks for nothing more.
    if (proposal.request ? proposal.request.state !== "open" : proposal.known.proposal.ending) await dismiss(proposalId);
    if (!told) return;
    const id = isMine ? `answer ${proposalId}` : proposalId;
    await notify({ id, title: told.title, message: <Look id={id} {...told} />, autoClose: 20_000 });
  };
}

/** The router stands beside the corner of notifications, and hears of changes of the history. */
function Look({ id, message, to }: Told & { readonly id: string }) {
  const t = useTexts(tellTexts);
  function look(): void {
    history.pushState(null, "", to);
    void dismiss(id);
  }
  return (
    <>
      <p className={styles.told}>{message}</p>
      <Button size="sm" variant="light" onClick={look}>
        {t("look")}
      </Button>
    </>
  );
}

/** Every desk has a page for what waits for a signature. */
function useProposalsAddress(): string {
  const deskOf = useDeskOf();
  return `${deskOf(usePerson().saved.part).home}/proposals`;
}

function useNameOf(): (account: string) => string {
  const names = useNames();
  return (account) => names.get(account)?.name ?? shortId(account);
}

function useAskedWords(): (proposal: OwnProposal) => Told {
  const t = useTexts(tellTexts);
  const formats = useFormats();
  const purposeWords = usePurposeWords();
  const nameOf = useNameOf();
  const { own } = usePerson();
  const proposals = useProposalsAddress();
  return ({ known: { proposer }, request }) => {
    const name = nameOf(proposer);
    if (!request) return { title: t("proposed", { name }), message: t("proposedText"), to: proposals };
    const { owner, purposes } = request.granting;
    const title = owner === own.account ? t("asks", { name }) : t("asksFor", { name, owner: nameOf(owner) });
    return { title, message: t("asksText", { purpose: formats.list(purposes.map(purposeWords)) }), to: REQUESTS };
  };
}

function useAnsweredWords(): (proposal: OwnProposal, type: string) => Told | undefined {
  const t = useTexts(tellTexts);
  const nameOf = useNameOf();
  const proposals = useProposalsAddress();
  return ({ known, request }, type) => {
    const how = known.proposal.ending?.how;
    if (type !== "approvals.ended") return undefined;
    if (request) {
      const name = nameOf(request.granting.owner);
      if (request.state !== "given" && request.state !== "declined") return undefined;
      const to = request.state === "given" ? `/clinician/patients/${request.granting.owner}` : ASKED;
      return { title: t(request.state, { name }), message: t(`${request.state}Text`, { name }), to };
    }
    if (how !== "executed" && how !== "declined") return undefined;
    return { title: t(`ended.${how}`), message: t(`ended.${how}Text`), to: proposals };
  };
}
