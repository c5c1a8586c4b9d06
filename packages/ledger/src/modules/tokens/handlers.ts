import type { Static } from "typebox";
import type { Context } from "../../app/context.ts";
import { requireAccount } from "../accounts/index.ts";
import { requireDecision } from "../governance/index.ts";
import { errors } from "./errors.ts";
import { giveToAccount, takeFromAccount } from "./escrow.ts";
import { minted, registered, transferred } from "./events.ts";
import { type KindReference, MAX_SUPPLY, type Mint, type Transfer } from "./schema.ts";
import { issues, requireKind } from "./state.ts";

/** `tokens.register`: by decision; nothing of it exists yet. */
export function register(ctx: Context, { tokenKind }: Static<typeof KindReference>): void {
  requireDecision(ctx);
  if (issues.has(ctx, tokenKind)) throw errors.KindExists({ tokenKind });

  issues.set(ctx, tokenKind, { tokenKind, supply: 0, registeredAt: ctx.time });
  ctx.emit(registered({ tokenKind }));
}

/** `tokens.mint`: by decision. */
export function mint(ctx: Context, message: Static<typeof Mint>): void {
  const { tokenKind, account, amount } = message;
  requireDecision(ctx);
  const issue = requireKind(ctx, tokenKind);
  requireAccount(ctx, account);
  if (amount > MAX_SUPPLY - issue.supply) throw errors.SupplyExceeded({ supply: issue.supply });

  issues.set(ctx, tokenKind, { ...issue, supply: issue.supply + amount });
  giveToAccount(ctx, { tokenKind, account, amount });
  ctx.emit(minted(message));
}

/** `tokens.transfer`: by the account that holds them. */
export function transfer(ctx: Context, message: Static<typeof Transfer>): void {
  const { tokenKind, sender, recipient, amount } = message;
  if (!ctx.signers.includes(sender)) throw errors.NotHolder({ sender });
  requireKind(ctx, tokenKind);
  requireAccount(ctx, recipient);
  if (sender === recipient) throw errors.SameAccount();
  takeFromAccount(ctx, { tokenKind, account: sender, amount });

  giveToAccount(ctx, { tokenKind, account: recipient, amount });
  ctx.emit(transferred(message));
}
