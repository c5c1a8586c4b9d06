import { Button } from "@mantine/core";
import { IconAffiliate } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { frameTexts } from "../frame/frame-texts.ts";
import { useTexts } from "../frame/texts.ts";
import { forgetPerson, savedPeople } from "../keys/people-store.ts";
import { leave } from "../keys/person.ts";
import { Empty } from "../ui/state.tsx";
import { forgetHeights } from "./heights.ts";
import { OtherNetworkError, useNetwork } from "./network.tsx";
import { forgetPinned } from "./pinned-network.ts";

/** Shows no page of a network that this browser does not trust. */
export function NetworkGate({ children }: { readonly children: ReactNode }) {
  const { error } = useNetwork();
  return error instanceof OtherNetworkError ? <OtherNetwork error={error} /> : children;
}

function OtherNetwork({ error }: { readonly error: OtherNetworkError }) {
  const t = useTexts(frameTexts);
  const queries = useQueryClient();
  async function trustNew(): Promise<void> {
    forgetPinned();
    forgetHeights();
    leave();
    // People of a town that is gone; own keys stay, they belong to their owner and to no network.
    const gone = (await savedPeople()).filter(({ lock }) => lock.kind === "town");
    await Promise.all(gone.map(({ account }) => forgetPerson(account)));
    await queries.resetQueries();
  }
  return (
    <Empty
      icon={<IconAffiliate size={30} />}
      title={t("otherTitle")}
      action={
        <Button color="rust" onClick={() => void trustNew()}>
          {t("trustNew")}
        </Button>
      }
    >
      {t("otherText", { pinned: error.pinned, found: error.found })}
    </Empty>
  );
}
