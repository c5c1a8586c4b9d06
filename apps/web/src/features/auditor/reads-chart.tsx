import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { useState } from "react";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useTexts } from "../../frame/texts.ts";
import { Section } from "../../ui/surface.tsx";
import { CountBy, type CountedBy } from "./count-by.tsx";
import type { Houses } from "./houses.ts";
import { tally } from "./tally.ts";
import { TallyCard } from "./tally-card.tsx";
import { auditorTexts } from "./texts.ts";

/** Requests over time as they were heard, by what they were for or by who asked. */
export function ReadsChart({ releases, houses }: { readonly releases: readonly LoggedRelease[]; readonly houses: Houses }) {
  const t = useTexts(auditorTexts);
  const purposeWords = usePurposeWords();
  const [by, setBy] = useState<CountedBy>("purpose");
  const kindOf = ({ purpose, reader }: LoggedRelease) => (by === "purpose" ? purposeWords(purpose) : houses.nameOf(houses.houseOf(reader)));
  const happenings = releases.map((release) => ({ at: release.at, kind: kindOf(release), isBad: release.outcome.kind === "refused" }));
  const counted = tally(happenings, Date.now());
  return (
    <Section title={t("overTime")}>
      <CountBy value={by} onChange={setBy} />
      <TallyCard {...counted} />
    </Section>
  );
}
