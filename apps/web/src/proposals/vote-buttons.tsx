import type { KnownProposal } from "@galen/sdk/proposals/proposal";
import { Button } from "@mantine/core";
import { describeFailure } from "../frame/failure.ts";
import { useTexts } from "../frame/texts.ts";
import { usePerson } from "../keys/person.ts";
import { notify } from "../ui/notify.ts";
import { useStanding } from "../ui/standing.ts";
import { Actions, Note } from "../ui/surface.tsx";
import { canVote } from "./own-proposals.ts";
import { proposalsTexts } from "./proposals-texts.ts";
import { useVoting, type VoteKind, voteMessage } from "./use-voting.ts";

/** Yes or no for who is asked; back and again for who has signed. The words that are signed stand above. */
export function VoteButtons({ known }: { readonly known: KnownProposal }) {
  const t = useTexts(proposalsTexts);
  const { own } = usePerson();
  const { mutateAsync, isPending, variables, error } = useVoting();
  const { place, isUnread, isMeant } = useStanding();
  async function vote(kind: VoteKind): Promise<void> {
    const { state } = await mutateAsync({ known, messages: [voteMessage(kind, known)] });
    const told = kind === "decline" ? "declined" : state;
    void notify({ title: t(told), message: t(`${told}Text`) });
  }
  return (
    <>
      {error && <Note tone="bad">{describeFailure(error).text}</Note>}
      <Actions ref={place}>
        {kindsFor(known, own.account).map(({ kind, text }) => (
          <Button
            key={kind}
            size="lg"
            variant={kind === "approve" ? "filled" : "default"}
            loading={isPending && variables.messages[0]?.type === `approvals.${kind}`}
            disabled={isPending}
            aria-disabled={isUnread}
            // What went wrong is shown from the mutation.
            onClick={() => isMeant() && void vote(kind).catch(() => undefined)}
          >
            {t(text)}
          </Button>
        ))}
      </Actions>
    </>
  );
}

interface Choice {
  readonly kind: VoteKind;
  readonly text: "approve" | "decline" | "withdraw" | "again";
}

function kindsFor(known: KnownProposal, account: string): readonly Choice[] {
  if (canVote(known, account, Date.now())) {
    return [
      { kind: "approve", text: "approve" },
      { kind: "decline", text: "decline" },
    ];
  }
  const again: readonly Choice[] = known.counting.includes(account) ? [{ kind: "execute", text: "again" }] : [];
  return known.proposer === account ? [...again, { kind: "withdraw", text: "withdraw" }] : again;
}
