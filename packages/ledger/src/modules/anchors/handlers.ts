import type { Context } from "../../app/context.ts";
import { isMember } from "../governance/index.ts";
import { errors } from "./errors.ts";
import { recorded } from "./events.ts";
import type { Publication } from "./schema.ts";
import { anchors, NETWORK } from "./state.ts";

/**
 * `anchors.record`: a member states that the header of a block was published outside. The ledger knows no header of the past, so it believes
 * nothing of it: whoever reads the statement compares it with the chain and with the place.
 */
export function record(ctx: Context, publication: Publication): void {
  const organisation = ctx.signer;
  if (!isMember(ctx, organisation)) throw errors.NotMember({ organisation });
  if (publication.height >= ctx.height) throw errors.NotFinal({ height: ctx.height });

  anchors.append(ctx, NETWORK, { organisation, ...publication, recordedAt: ctx.time });
  ctx.emit(recorded({ organisation, ...publication }));
}
