import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Bytes, BytesUpTo, Hash, Integer, List, OneOf, Text } from "../../schema/types.ts";
import { MAX_SIGNERS } from "../../tx/transaction.ts";

/** What people decide at once must fit on a page that they read before they sign. */
export const MAX_MESSAGES = 8;
/** All messages of a proposal together: they run at each approval, so they stay far below a transaction. */
export const MAX_MESSAGE_BYTES = 8_192;
/** The largest alliance (29 members) and a candidate. */
export const MAX_ASKED = 32;
/** Those who are asked, and the signers of the proposal. */
export const MAX_VOTERS = MAX_ASKED + MAX_SIGNERS;
/** Open proposals of one account: nobody fills the queue that every block looks at. */
export const MAX_OPEN = 32;
/** Time for one person to look at it; after 90 days nobody remembers why. */
export const MIN_WINDOW_MS = 60_000;
export const MAX_WINDOW_MS = 7_776_000_000;
/** What one block ends at most; the rest follows in the next ones. */
export const MAX_EXPIRED_PER_BLOCK = 64;
/** What one answer lists. */
export const MAX_LISTED = 32;

/** A message that waits for approvals. */
export const ProposedMessage = Type.Object({
  type: Text(64, { description: "kind of message, as docs/reference/messages.md lists them" }),
  value: BytesUpTo(MAX_MESSAGE_BYTES, { description: "canonical bytes of its value" }),
});
export type ProposedMessage = Static<typeof ProposedMessage>;
const ProposedMessages = List(ProposedMessage, { minItems: 1, maxItems: MAX_MESSAGES, description: "run in this order, all or nothing" });

const MessagesHash = Hash;
const Version = Integer(1, 1_000_000, { description: "ledger version in which the messages were written" });
const Voters = List(AccountId, { maxItems: MAX_VOTERS });

/** A signature given: it counts as long as the account has the keys that gave it. */
export const Approval = Type.Object({
  account: AccountId,
  authority: Hash,
  at: BlockTime,
});
export type Approval = Static<typeof Approval>;

export const Ending = OneOf("executed", "declined", "withdrawn", "expired");
export type Ending = Static<typeof Ending>;
const RefusalCode = Integer(1, 999_999, { description: "code of the refusal that the messages met at the last try" });

/** What is proposed, who is asked, who has approved. */
export const Proposal = Type.Object({
  proposer: AccountId,
  version: Version,
  messagesHash: MessagesHash,
  asked: Voters,
  approvals: List(Approval, { minItems: 1, maxItems: MAX_VOTERS, description: "the proposer's first" }),
  declined: Voters,
  createdAt: BlockTime,
  expiresAt: BlockTime,
  refusalCode: Type.Optional(RefusalCode),
  ending: Type.Optional(Type.Object({ how: Ending, at: BlockTime })),
});
export type Proposal = Static<typeof Proposal>;

export const Messages = Type.Object({ messages: ProposedMessages });
/** What an approver approves: who acts, under which rules, with which messages. */
export const Act = Type.Object({ proposer: AccountId, version: Version, messages: ProposedMessages });
export type Act = Static<typeof Act>;

export const Waiting = Type.Object({ proposalId: Hash, expiresAt: BlockTime });
export const OpenCount = Type.Object({ count: Integer(1, MAX_OPEN) });

export const Propose = Type.Object({
  messages: ProposedMessages,
  asked: List(AccountId, { minItems: 0, maxItems: MAX_ASKED, description: "who may approve or decline, besides those who sign this" }),
  expiresAt: BlockTime,
});
export const Approve = Type.Object({ proposalId: Hash, messagesHash: MessagesHash });
export const ProposalReference = Type.Object({ proposalId: Hash });

export const Proposed = Type.Object({
  proposalId: Hash,
  proposer: AccountId,
  version: Version,
  messagesHash: MessagesHash,
  messages: ProposedMessages,
  asked: Voters,
  approvedBy: Voters,
  createdAt: BlockTime,
  expiresAt: BlockTime,
});
export const Voted = Type.Object({ proposalId: Hash, voters: List(AccountId, { minItems: 1, maxItems: MAX_SIGNERS }) });
export const NotExecuted = Type.Object({ proposalId: Hash, refusalCode: RefusalCode });
export const Ended = Type.Object({ proposalId: Hash, how: Ending });

export const ProposalStatus = Type.Object({
  proposalId: Hash,
  proposal: Proposal,
  messages: ProposedMessages,
  counting: List(AccountId, { maxItems: MAX_VOTERS, description: "whose approval counts now: their keys are still those that gave it" }),
});
export const OpenFrom = Type.Object({
  from: Type.Optional(BlockTime),
  after: Type.Optional(
    Bytes(32, { description: "the last proposal of the answer before, whose expiry `from` is then: it goes on after that one" }),
  ),
});
export const OpenProposals = Type.Object({ proposals: List(ProposalStatus, { maxItems: MAX_LISTED }) });
