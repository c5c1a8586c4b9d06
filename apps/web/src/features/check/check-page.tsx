import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTexts } from "../../frame/texts.ts";
import { useNetwork } from "../../network/network.tsx";
import { Loading } from "../../ui/state.tsx";
import { PageHeader } from "../../ui/surface.tsx";
import { CheckForm } from "./check-form.tsx";
import { checkProof, type Input, parseInput } from "./check-proof.ts";
import { checkTexts } from "./texts.ts";
import { FailedVerdict, GoodVerdict } from "./verdict.tsx";

/** For whoever was given a proof: no account, nothing sent, the whole way shown. */
export function Page() {
  const t = useTexts(checkTexts);
  const { data: network, error: noNetwork } = useNetwork();
  const checking = useMutation({
    async mutationFn(input: Input) {
      if (!network) throw noNetwork ?? new Error("the network is not open yet");
      return checkProof(network.client, input);
    },
  });
  useLinkedInput(checking.mutate);
  const isDone = checking.isSuccess || checking.isError;
  return (
    <>
      <PageHeader title={t("title")} lead={isDone ? undefined : t("lead")} />
      {!isDone && !checking.isPending && <CheckForm onInput={checking.mutate} />}
      {checking.isPending && <Loading>{t("checking")}</Loading>}
      {checking.isSuccess && <GoodVerdict verdict={checking.data} />}
      {checking.isError && <FailedVerdict error={checking.error} isLookUp={checking.variables.kind === "id"} />}
      {isDone && (
        <Button size="lg" mt="xl" variant="light" onClick={checking.reset} data-screen-only>
          {t("again")}
        </Button>
      )}
    </>
  );
}

/** An id behind the hash of the address, as the explorer links it, is checked at once. */
function useLinkedInput(onInput: (input: Input) => void): void {
  const { hash } = useLocation();
  const { data: network } = useNetwork();
  const input = parseInput(hash);
  const id = input?.kind === "id" ? input.id : undefined;
  const check = useRef(onInput);
  check.current = onInput;
  useEffect(() => {
    if (network && id !== undefined) check.current({ kind: "id", id });
  }, [network, id]);
}
