import type { KnownGrant } from "@galen/sdk/records/known-grants";
import { Button } from "@mantine/core";
import { IconPlus, IconUserQuestion } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useNow } from "../../frame/use-now.ts";
import { stateOf, useGrantsOf } from "../../records/own-grants.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Row } from "../../ui/row.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Actions, Avatar, Card, Note, PageHeader, Section, Tag } from "../../ui/surface.tsx";
import styles from "./access.module.css";
import { AccessPicture } from "./access-picture.tsx";
import { accessTexts } from "./access-texts.ts";
import { useGrantWords } from "./grant-words.ts";
import { RequestsNotice } from "./requests-notice.tsx";
import { useNameOfOther, useWhose, WhoseSwitch } from "./whose-switch.tsx";

/** Who can see what: a picture, then the same as a list that can be acted on. */
export function Page() {
  const t = useTexts(accessTexts);
  const [whose, setWhose] = useWhose();
  const name = useNameOfOther()(whose);
  const isOwn = name === undefined;
  const { data: grants, error, isPending, refetch } = useGrantsOf(whose);
  const now = useNow(grants?.flatMap(({ from, until }) => [from, until]) ?? []);
  const open = grants?.filter((grant) => stateOf(grant, now) === "open") ?? [];
  const past = grants?.filter((grant) => stateOf(grant, now) !== "open") ?? [];
  const lead = open.length === 0 ? t("leadNobody") : t("lead", { count: open.length });
  return (
    <>
      <PageHeader title={isOwn ? t("title") : t("titleOf", { name })} lead={isOwn && grants ? lead : undefined}>
        <Actions>
          <Button
            component={Link}
            to={isOwn ? "/wallet/access/new" : `/wallet/access/new/${whose}`}
            size="lg"
            leftSection={<IconPlus size={22} />}
          >
            {t("give")}
          </Button>
          {isOwn && (
            <Button component={Link} to="/wallet/requests" size="lg" variant="default" leftSection={<IconUserQuestion size={22} />}>
              {t("requests")}
            </Button>
          )}
        </Actions>
      </PageHeader>
      <WhoseSwitch value={whose} onChange={setWhose} />
      {isOwn && <RequestsNotice />}
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {grants && <AccessPicture owner={name} grants={open} now={now} />}
      {open.length > 0 && <GrantList title={t("openTitle")} grants={open} now={now} />}
      {past.length > 0 && <GrantList title={t("pastTitle")} grants={past} now={now} />}
    </>
  );
}

interface GrantListProps {
  readonly title: string;
  readonly grants: readonly KnownGrant[];
  readonly now: number;
}

function GrantList({ title, grants, now }: GrantListProps) {
  return (
    <Section title={title}>
      <ul className={styles.grants}>
        {grants.map((grant) => (
          <li key={grant.grantId} id={`grant-${grant.grantId}`}>
            <GrantCard grant={grant} now={now} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function GrantCard({ grant, now }: { readonly grant: KnownGrant; readonly now: number }) {
  const t = useTexts(accessTexts);
  const formats = useFormats();
  const words = useGrantWords(grant);
  const state = stateOf(grant, now);
  const purposes = grant.purposes.map(usePurposeWords());
  const terms = [
    t("opens", { what: words.opens }),
    formats.list(purposes),
    t("until", { day: formats.date(grant.until) }),
    ...(grant.readsLeft === undefined ? [] : [t("readsLeft", { count: grant.readsLeft })]),
    ...(grant.credentialType === undefined ? [] : [t("withLicence")]),
  ];
  return (
    <Card>
      <Row
        lead={<Avatar name={words.name} kind={words.isOrganisation ? "organisation" : "person"} />}
        terms={terms.join(" · ")}
        aside={state === "open" ? <EndButton grant={grant} name={words.who} /> : <Tag>{t(`state.${state}`)}</Tag>}
      >
        <strong>{words.who}</strong>
      </Row>
    </Card>
  );
}

/** Ends a grant, after the act was shown in words. */
function EndButton({ grant, name }: { readonly grant: KnownGrant; readonly name: string }) {
  const t = useTexts(accessTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: () =>
      sign({
        messages: [{ type: "vault.revoke", value: { grantId: grant.grantId } }],
        names: (id) => (id === grant.grantId ? t("grantTo", { name }) : undefined),
      }),
    async onSuccess() {
      void notify({ title: t("ended", { name }), message: t("endedText") });
      await queries.invalidateQueries({ queryKey: ["own-grants"] });
    },
  });
  return (
    <>
      <Button variant="light" color="rust" loading={ending.isPending} onClick={() => ending.mutate()} aria-label={`${t("end")}: ${name}`}>
        {t("end")}
      </Button>
      {ending.error && !(ending.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(ending.error).text}</Note>}
    </>
  );
}
