import type { Client } from "@galen/sdk/client/client";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useFormats } from "../../frame/formats.ts";
import { useIsQuiet } from "../../frame/quiet.ts";
import { useTexts } from "../../frame/texts.ts";
import { useNames } from "../../keys/names.ts";
import { requireNetwork, useNetwork } from "../../network/network.tsx";
import { Loading } from "../../ui/state.tsx";
import { Actions, PageHeader } from "../../ui/surface.tsx";
import styles from "./check.module.css";
import { CheckForm } from "./check-form.tsx";
import type { PresentTrust } from "./check-proof.ts";
import { type Input, type ProofInput, parseInput } from "./input.ts";
import { checkTexts } from "./texts.ts";

/** What checks and what tells the verdict come once the page can be read, and before anybody has something to check. */
let checks: Promise<typeof import("./check-proof.ts")> | undefined;
const loadVerdicts = () => import("./verdict.tsx");
type Verdicts = Awaited<ReturnType<typeof loadVerdicts>>;

/** Held, since another import of what is there already waits for a turn of the event loop, and the page is drawn in between. */
function loadChecks(): NonNullable<typeof checks> {
  checks ??= import("./check-proof.ts").catch((error: unknown) => {
    checks = undefined;
    throw error;
  });
  return checks;
}

/** Held as a value: React would keep what it finds by `lazy` back for 300 ms. */
function useVerdicts(): Verdicts | undefined {
  const [verdicts, setVerdicts] = useState<Verdicts>();
  useEffect(() => {
    loadVerdicts().then(setVerdicts, (error: unknown) =>
      setVerdicts(() => {
        throw error;
      }),
    );
  }, []);
  return verdicts;
}

/** Makes ready, before anybody asks, what a verdict is told with: the first date, the first number and the first look for names take a slow phone a tenth of a second. */
function Words() {
  return useIsQuiet() && <ReadyWords />;
}

function ReadyWords() {
  useNames();
  const formats = useFormats();
  useEffect(() => void [formats.dateTime(Date.now()), formats.number(0)], [formats]);
  return null;
}

/** Most check a proof. */
const CardsVerdict = lazy(async () => ({ default: (await import("./cards-verdict.tsx")).CardsVerdict }));

/** For whoever was given a proof: no account, nothing sent, the whole way shown. */
export function Page() {
  const t = useTexts(checkTexts);
  const verdicts = useVerdicts();
  const checking = useChecking();
  const [cards, setCards] = useState<string>();
  useLinkedInput((input) => {
    setCards(undefined);
    checking.mutate(input);
  });
  const isProofDone = checking.isSuccess || checking.isError;
  const isDone = isProofDone || cards !== undefined;
  const take = (input: Input) => (input.kind === "card" ? setCards(input.text) : checking.mutate(input));
  function again(): void {
    setCards(undefined);
    checking.reset();
  }
  return (
    <>
      <PageHeader title={t("title")} lead={isDone ? undefined : t("lead")} />
      {!isDone && !checking.isPending && <CheckForm onInput={take} />}
      <Words />
      {(checking.isPending || (isProofDone && !verdicts)) && <Loading>{t("checking")}</Loading>}
      {checking.isSuccess && verdicts && <verdicts.GoodVerdict verdict={checking.data} />}
      {checking.isError && verdicts && <verdicts.FailedVerdict error={checking.error} isLookUp={checking.variables.kind === "id"} />}
      {cards !== undefined && (
        <Suspense fallback={<Loading>{t("checking")}</Loading>}>
          <CardsVerdict text={cards} />
        </Suspense>
      )}
      {isDone && (
        <div className={styles.after} data-screen-only>
          <Actions>
            <Button size="lg" variant="light" onClick={again}>
              {t("again")}
            </Button>
            {checking.isSuccess && verdicts && <verdicts.SaveProof verdict={checking.data} />}
          </Actions>
        </div>
      )}
    </>
  );
}

function useChecking() {
  const { data: network } = useNetwork();
  const trustNow = useTrustNow(network?.client);
  return useMutation({
    async mutationFn(input: ProofInput) {
      const { client } = await requireNetwork();
      const [{ checkProof }, trust] = await Promise.all([loadChecks(), trustNow(client)]);
      return checkProof(client, trust, input);
    },
  });
}

/** So long the validators that were followed count as those of now; a change among them takes an epoch. */
const TRUST_LASTS_MS = 60_000;

/** Follows the validators while nothing is asked yet, so that who scans a code waits for its proof alone. */
function useTrustNow(client: Client | undefined): (client: Client) => Promise<PresentTrust> {
  const queries = useQueryClient();
  const follow = useCallback(
    (of: Client) =>
      queries.query({
        queryKey: ["chain", "present-trust"],
        queryFn: async () => (await loadChecks()).presentTrust(of),
        staleTime: ({ state: { data } }) => (data?.since === undefined && navigator.onLine ? TRUST_LASTS_MS : 0),
      }),
    [queries],
  );
  useEffect(() => {
    // What fails now is told when something is checked.
    if (client) follow(client).catch(() => undefined);
  }, [client, follow]);
  return follow;
}

/** An id behind the hash of the address, as the explorer links it, is checked at once. */
function useLinkedInput(onInput: (input: ProofInput) => void): void {
  const { hash } = useLocation();
  const input = parseInput(hash);
  const id = input?.kind === "id" ? input.id : undefined;
  const check = useRef(onInput);
  check.current = onInput;
  useEffect(() => {
    if (id !== undefined) check.current({ kind: "id", id });
  }, [id]);
}
