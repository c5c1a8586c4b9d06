import type { Release } from "@galen/ledger/modules/vault/schema";
import type { Notice } from "@galen/sdk/client/subscribe";
import { useRef } from "react";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { askAnew } from "../../hearing/asked-anew.ts";
import { heightOf } from "../../hearing/one-stream.ts";
import { useNotices } from "../../hearing/use-notices.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { heightOnArrival, isSinceArrival } from "../../network/heights.ts";
import { useTellProposal } from "../../proposals/use-tell-proposal.tsx";
import { dismiss, notify } from "../../ui/notify.ts";
import { guardianTexts } from "./guardian-texts.ts";
import { logTexts } from "./log-texts.ts";
import { lookNews, manyLooks } from "./look-news.ts";
import { useNameOf } from "./recoveries.ts";
import { useReleaseWords } from "./release-words.ts";
import { useNameOfOther } from "./whose-switch.tsx";

const topics = ["releases", "grants", "documents", "emergencies", "credentials", "proposals", "accounts"] as const;

/** Hears what concerns the person here from the first answer of the node on: what it may have changed is asked anew, and what somebody did is told while it happens. */
export function useHearing(): void {
  const tell = useTell();
  useNotices({
    topics,
    after: ({ height }) => heightOnArrival() ?? height,
    hear(notice) {
      askAnew(notice);
      if (notice.id !== undefined && isSinceArrival(heightOf(notice.id))) tell(notice);
    },
  });
}

function useTell(): (notice: Notice) => void {
  const tellLook = useTellLook();
  const tellProposal = useTellProposal();
  const tellRecovery = useTellRecovery();
  return ({ event, data }) => {
    if (event === "release") tellLook(data as unknown as Release);
    // What cannot be fetched now is found in the list.
    if (event === "proposal") void tellProposal(data).catch(() => undefined);
    if (event === "account") tellRecovery(String(data.type), data.data as Readonly<Record<string, unknown>>);
  };
}

/** Tells the owner, or who acts for the owner, of a reading; together with those of the same records whose notice is still there. */
function useTellLook(): (release: Release) => void {
  const { own } = usePerson();
  const { one, many } = useLookWords();
  /** What the notices that are still there tell, by the records and by whether it was refused. */
  const told = useRef(new Map<string, readonly Release[]>());
  return (release) => {
    if (release.reader === own.account) return;
    const about = `look-${release.owner}-${release.outcome.kind}`;
    const before = told.current.get(about) ?? [];
    const looks = [...before, release];
    told.current.set(about, looks);
    void dismiss(`${about}-${before.length}`);
    void notify({
      ...(looks.length === 1 ? one(release) : many(looks)),
      id: `${about}-${looks.length}`,
      color: release.outcome.kind === "refused" ? "rust" : "lapis",
      autoClose: 15_000,
      onClose() {
        if (told.current.get(about) === looks) told.current.delete(about);
      },
    });
  };
}

interface LookWords {
  one(release: Release): { readonly title: string; readonly message: string };
  /** All of one owner's records, and with outcomes of one kind. */
  many(looks: readonly Release[]): { readonly title: string; readonly message: string };
}

function useLookWords(): LookWords {
  const t = useTexts(logTexts);
  const words = useReleaseWords();
  const names = useNames();
  const nameOfOther = useNameOfOther();
  const formats = useFormats();
  const { own } = usePerson();
  return {
    one(release) {
      const { name, purpose, reason } = words(release);
      const { title, isEarlier } = lookNews(release, { account: own.account, now: Date.now() });
      const what = reason === undefined ? t("saw", { count: release.objects.length, purpose }) : t("tried", { reason });
      return {
        title: t(title, { name, owner: nameOfOther(release.owner) ?? "" }),
        message: isEarlier ? t("earlier", { at: formats.dateTime(release.at), what }) : what,
      };
    },
    many(looks) {
      const { title, since, named, others } = manyLooks(looks, { account: own.account, now: Date.now() });
      const readers = named.map(({ reader, count }) => {
        const name = names.get(reader)?.name ?? shortId(reader);
        return count === looks.length ? name : t("by", { name, count });
      });
      const what = formats.list(others === 0 ? readers : [...readers, t("others", { count: others })]);
      return {
        title: t(title, { count: looks.length, owner: nameOfOther(looks[0]!.owner) ?? "" }),
        message: since === undefined ? what : t("since", { at: formats.dateTime(since), what }),
      };
    },
  };
}

/** Tells a guardian that somebody else needs help. */
function useTellRecovery(): (type: string, data: Readonly<Record<string, unknown>>) => void {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const nameOf = useNameOf();
  return (type, { account, guardians }) => {
    const isOthers = type === "accounts.recoveryApproved" && account !== own.account;
    if (!isOthers || (Array.isArray(guardians) && guardians.includes(own.account))) return;
    const name = nameOf(String(account));
    void notify({ title: t("heardTitle", { name }), message: t("heardText", { name }), autoClose: 15_000 });
  };
}
