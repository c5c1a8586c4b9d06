import { randomBytes } from "node:crypto";
import { createIfMissing } from "@galen/cli/import/patients";
import { actorOf, type Session } from "@galen/cli/session";
import { addFreshKeys } from "@galen/cli/wallet/wallet";
import { type OwnAccount, submit } from "@galen/sdk";
import type { StoryStage } from "./story-network.ts";

/** Who acts in the story besides the patients. */
export interface Cast {
  /** Founds the network and writes all documents. */
  readonly hospital: OwnAccount;
  /** A licensed clinician of the hospital. */
  readonly doctor: OwnAccount;
  /** A clinician of the hospital whose licence is suspended. */
  readonly suspended: OwnAccount;
  /** A clinician of the hospital without a licence. */
  readonly unlicensed: OwnAccount;
  /** Works nowhere. */
  readonly stranger: OwnAccount;
}

const DAY_MS = 86_400_000;

/** Gives everybody keys, an account, work and licences. */
export async function engageCast(session: Session, stage: Pick<StoryStage, "hospital" | "founders">): Promise<Cast> {
  const { client, wallet } = session;
  const hospital = await actorOf(session, stage.hospital);
  const named = async (name: string, kind: "person" | "organisation" = "person") => {
    await addFreshKeys(wallet, { name, kind, worksFor: hospital.account });
    return actorOf(session, name);
  };
  const board = await named("Story Board", "organisation");
  const [doctor, suspended] = [await named("Story Doctor"), await named("Story Suspended")];
  const [unlicensed, stranger] = [await named("Story Unlicensed"), await named("Story Stranger")];
  await createIfMissing(client, [board, doctor, suspended, unlicensed, stranger]);

  const clinicians = [doctor, suspended, unlicensed].map(({ account }) => {
    return { type: "accounts.setMember", value: { organisation: hospital.account, member: account, roles: ["clinician"] } };
  });
  const issuer = { issuer: board.account, credentialTypes: ["practitioner-licence"] };
  const founders = await Promise.all(stage.founders.map((name) => actorOf(session, name)));
  await submit(client, { actors: founders, messages: [...clinicians, { type: "governance.registerIssuer", value: issuer }] });
  await submit(client, { actors: [board], messages: [licence(doctor)] });
  const issued = licence(suspended);
  const suspension = { credentialId: issued.value.credentialId, from: Date.now() - DAY_MS, reasonCode: "disciplinary" };
  await submit(client, { actors: [board], messages: [issued, { type: "credentials.suspend", value: suspension }] });
  return { hospital, doctor, suspended, unlicensed, stranger };
}

function licence({ account }: OwnAccount) {
  const period = { validFrom: Date.now() - 30 * DAY_MS, validUntil: Date.now() + 365 * DAY_MS };
  const claims = { credentialType: "practitioner-licence", claimsHash: randomBytes(32).toString("hex") };
  return { type: "credentials.issue", value: { credentialId: randomBytes(32).toString("hex"), holder: account, ...claims, ...period } };
}
