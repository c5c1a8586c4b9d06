import type { Grant } from "@galen/ledger/modules/vault/schema";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { GrantPreview } from "../../access/grant-preview.tsx";
import { endOf, isTooWide, opensSomething } from "../../access/grant-terms.ts";
import { TermsFields, TooWide } from "../../access/terms-fields.tsx";
import { describeFailure } from "../../frame/failure.ts";
import { useHash } from "../../frame/hash.ts";
import { type Translate, useTexts } from "../../frame/texts.ts";
import { callOf, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { rememberSigned } from "../../keys/remember.ts";
import { type AreaLabels, useAreaLabels, useOpenedDocuments } from "../../records/area-labels.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./access.module.css";
import { accessTexts } from "./access-texts.ts";
import { BackTo } from "./back-to.tsx";
import { CircleFields, useIsOrganisation } from "./circle-fields.tsx";
import { circles, type Draft, granteeOf, grantMessage } from "./grant-draft.ts";
import { useKeptDraft } from "./kept-draft.ts";
import { WhoField } from "./who-field.tsx";
import { useNameOfOther } from "./whose-switch.tsx";

/** A form for whomever the address names; another link is another form. */
export function Page() {
  const hash = useHash();
  return <GrantForm key={hash} linked={hash} />;
}

/** Giving access in four questions, with what it comes to always in sight. */
function GrantForm({ linked }: { readonly linked: string }) {
  const t = useTexts(accessTexts);
  const { saved } = usePerson();
  const { owner = saved.account } = useParams({ strict: false }) as { readonly owner?: string };
  const name = useNameOfOther()(owner);
  const { documents } = useOpenedDocuments(owner);
  const { draft, grantee, areas, labels, change, drop } = useDraft(owner, linked);
  const lead = t(name === undefined ? "newLead" : "newLeadOf");
  const giving = useGiving(draft, grantee && { grantee, owner, labels, nameOf: areas.nameOf, lead, drop });
  const isWide = isTooWide(draft, labels);
  const isReady = grantee !== undefined && opensSomething(draft) && !isWide && (draft.what === "everything" || !areas.isPending);
  return (
    <>
      <BackTo page="access" />
      <PageHeader title={name === undefined ? t("newTitle") : t("newTitleOf", { name })} lead={lead} />
      <Card className={styles.sheet}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            giving.mutate();
          }}
        >
          {draft.to === undefined && linked !== "" && <Note tone="bad">{t("linkDamaged")}</Note>}
          <WhoField value={draft.to} onChange={(to) => change({ to })} />
          <CircleFields draft={draft} onChange={change} />
          <TermsFields terms={draft} known={areas.known} onChange={change} />
          <GrantPreview
            {...draft}
            to={draft.to && grantee && namedIn(grantee, callOf(draft.to), t)}
            until={endOf(draft, Date.now())}
            documents={documents}
          />
          {isWide && <TooWide />}
          {giving.error && !(giving.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(giving.error).text}</Note>}
          <Button type="submit" size="lg" disabled={!isReady} loading={giving.isPending}>
            {t("sign")}
          </Button>
        </form>
      </Card>
    </>
  );
}

/** The grant while it is being thought about, whom it names and the labels that it opens. */
function useDraft(owner: string, linked: string) {
  const { draft, setDraft, drop } = useKeptDraft(linked);
  const { isOrganisation } = useIsOrganisation(draft.to?.account);
  const areas = useAreaLabels(owner);
  // What cannot be named here is not given either, and not spoken of.
  const chosen = draft.areas.filter((area) => areas.known.includes(area));
  return {
    draft: { ...draft, areas: chosen },
    grantee: draft.to && isOrganisation !== undefined ? granteeOf({ ...draft, isOrganisation, account: draft.to.account }) : undefined,
    areas,
    labels: areas.labelsOf(chosen),
    change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
    drop,
  };
}

/** Whom the grant names, within a sentence. */
function namedIn(grantee: Grant["grantee"], name: string, t: Translate<(typeof accessTexts.keys)[number]>): string {
  if (grantee.kind === "person") return name;
  if (grantee.kind === "organisation") return t("toEverybody", { name });
  return t("toRole", { name, role: t(`circle.${circles.find((one) => one === grantee.role) ?? "everybody"}`) });
}

interface Giving extends Pick<AreaLabels, "nameOf"> {
  readonly grantee: Grant["grantee"];
  readonly owner: string;
  readonly labels: readonly string[];
  /** What is told about it, before and after: not every delegate who may give access may end it, or sees the log. */
  readonly lead: string;
  /** Forgets the draft. */
  readonly drop: () => void;
}

/** Signs the grant and remembers whom it names. */
function useGiving(draft: Draft, giving: Giving | undefined) {
  const t = useTexts(accessTexts);
  const names = useNames();
  const sign = useSigning();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      const { to } = draft;
      if (!to || !giving) return;
      const { grantee, owner, labels, nameOf } = giving;
      const named = (id: string) => (id === to.account ? to.name || undefined : nameOf(id));
      await sign({ messages: [grantMessage(draft, { grantee, owner, labels, now: Date.now() })], names: named });
      await rememberSigned([to], names);
    },
    async onSuccess() {
      giving?.drop();
      void notify({ title: t("given", { name: draft.to ? callOf(draft.to) : "" }), message: giving?.lead });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: ["own-grants"] });
      await navigate({ to: "/wallet/access" });
    },
  });
}
