import type { Static } from "typebox";
import type { Context } from "../../app/context.ts";
import { hasRole, type Role, requireActor } from "../accounts/index.ts";
import { isMember } from "../governance/index.ts";
import { sealObject } from "../vault/index.ts";
import { errors } from "./errors.ts";
import { added } from "./events.ts";
import type { Add, Document, Relation } from "./schema.ts";
import { documents, ofOwner, referring } from "./state.ts";

/** Members of an organisation who write into records; administrators, auditors and researchers do not. */
const careRoles: readonly Role[] = ["clinician", "laboratory", "nurse", "pharmacist"];

/** `records.add`: files sealed documents for their owners, all or none. */
export function add(ctx: Context, { organisation, documents: filed }: Static<typeof Add>): void {
  requireAlliance(ctx, organisation);
  for (const { object, relation } of filed) {
    const { objectId, owner } = object;
    const author = requireAuthor(ctx, organisation, owner);
    if (documents.has(ctx, objectId)) throw errors.AlreadyFiled({ objectId });
    requireTarget(ctx, relation, owner);

    sealObject(ctx, object, author);
    const number = ofOwner.append(ctx, owner, { objectId });
    const document: Document = {
      owner,
      author,
      ...(organisation === undefined ? {} : { organisation }),
      relation,
      number,
      createdAt: ctx.time,
    };
    documents.set(ctx, objectId, document);
    if (relation.kind !== "none") referring.append(ctx, relation.objectId, { objectId });
    ctx.emit(added({ objectId, ...document }));
  }
}

function requireAlliance(ctx: Context, organisation: string | undefined): void {
  if (organisation !== undefined && !isMember(ctx, organisation)) throw errors.NotMember({ organisation });
}

/** Who signs as author: staff of the organisation that is named, a member organisation itself, or the owner or a delegate. */
function requireAuthor(ctx: Context, organisation: string | undefined, owner: string): string {
  const { signer } = ctx;
  if (organisation !== undefined) {
    const isStaff = organisation === signer || careRoles.some((role) => hasRole(ctx, organisation, signer, role));
    if (!isStaff) throw errors.NotAuthor({ organisation });
    return signer;
  }
  return isMember(ctx, signer) ? signer : requireActor(ctx, owner, "records.add", errors.NotAuthor);
}

function requireTarget(ctx: Context, relation: Relation, owner: string): void {
  if (relation.kind === "none") return;
  const target = documents.get(ctx, relation.objectId);
  if (!target) throw errors.UnknownDocument({ objectId: relation.objectId });
  if (target.owner !== owner) throw errors.ForeignTarget({ objectId: relation.objectId });
}
