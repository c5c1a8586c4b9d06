import { delegationsBy, delegationsTo, type KnownDelegation } from "@galen/sdk/accounts/relations";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Row } from "../../ui/row.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Avatar, Card, Note, PageHeader, Section } from "../../ui/surface.tsx";
import { BackTo } from "./back-to.tsx";
import { DelegateForm } from "./delegate-form.tsx";
import { delegateTexts } from "./delegate-texts.ts";
import styles from "./guardians.module.css";
import { useNameOf } from "./recoveries.ts";

/** Who acts for the one who sits here, and for whom that one acts. */
export function Page() {
  const t = useTexts(delegateTexts);
  const { data, error, isPending, refetch } = useDelegations();
  return (
    <>
      <BackTo page="settings" />
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Delegations title={t("given")} none={t("givenNone")} delegations={data.given} />
          <Section title={t("newTitle")}>
            <Card>
              <DelegateForm key={data.given.length} />
            </Card>
          </Section>
          <Delegations title={t("received")} none={t("receivedNone")} delegations={data.received} />
        </>
      )}
    </>
  );
}

function useDelegations() {
  const { own } = usePerson();
  const { data: network } = useNetwork();
  return useQuery({
    queryKey: ["delegations", own.account],
    enabled: network !== undefined,
    async queryFn() {
      const { client } = network!;
      const [given, received] = await Promise.all([delegationsBy(client, own), delegationsTo(client, own)]);
      return { given, received };
    },
  });
}

interface DelegationsProps {
  readonly title: string;
  readonly none: string;
  readonly delegations: readonly KnownDelegation[];
}

function Delegations({ title, none, delegations }: DelegationsProps) {
  return (
    <Section title={title}>
      {delegations.length === 0 && <p className={styles.text}>{none}</p>}
      <ul className={styles.cards}>
        {delegations.map((delegation) => (
          <li key={delegation.owner + delegation.delegate}>
            <DelegationCard delegation={delegation} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function DelegationCard({ delegation: { owner, delegate, scopes, until, ground } }: { readonly delegation: KnownDelegation }) {
  const t = useTexts(delegateTexts);
  const formats = useFormats();
  const { own } = usePerson();
  const isOwner = owner === own.account;
  const name = useNameOf()(isOwner ? delegate : owner);
  const ending = useEnding({ owner, delegate });
  const day = formats.date(until);
  return (
    <Card>
      <Row
        lead={<Avatar name={name} />}
        terms={[t(`ground.${ground}`), until > Date.now() ? t("until", { day }) : t("over", { day })].join(" · ")}
        aside={
          <Button
            variant="light"
            color="rust"
            loading={ending.isPending}
            aria-label={`${t(isOwner ? "takeBack" : "layDown")}: ${name}`}
            onClick={() => ending.mutate()}
          >
            {t(isOwner ? "takeBack" : "layDown")}
          </Button>
        }
      >
        <strong>{name}</strong>
      </Row>
      <ul className={styles.scopes}>
        {scopes.map((scope) => (
          <li key={scope}>{t(`scope.${scope}`)}</li>
        ))}
      </ul>
      {ending.error && !(ending.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(ending.error).text}</Note>}
    </Card>
  );
}

function useEnding(reference: { readonly owner: string; readonly delegate: string }) {
  const t = useTexts(delegateTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sign({ messages: [{ type: "accounts.endDelegation", value: reference }] }),
    async onSuccess() {
      void notify({ title: t("ended"), message: t("endedText") });
      await queries.invalidateQueries({ queryKey: ["delegations"] });
    },
  });
}
