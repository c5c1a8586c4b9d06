import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { Button } from "@mantine/core";
import { IconEye, IconEyeOff, IconShieldX } from "@tabler/icons-react";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useReleaseLog } from "../../records/release-feed.ts";
import { EntryRow } from "../../ui/entry-row.tsx";
import { ListCard } from "../../ui/list.tsx";
import { LiveMark } from "../../ui/live-mark.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { PageHeader } from "../../ui/surface.tsx";
import { ListEnd, Windowed } from "../../ui/windowed.tsx";
import styles from "./log.module.css";
import { logTexts } from "./log-texts.ts";
import { useReleaseWords } from "./release-words.ts";
import { useNameOfOther, useWhose, WhoseSwitch } from "./whose-switch.tsx";

/** Entries that are drawn at once, and the height of one, about. */
const PART = 50;
const ROW_PX = 80;

/** Who read, and who tried to: live, newest first. */
export function Page() {
  const t = useTexts(logTexts);
  const [whose, setWhose] = useWhose();
  const name = useNameOfOther()(whose);
  return (
    <>
      <PageHeader
        title={name === undefined ? t("title") : t("titleOf", { name })}
        lead={name === undefined ? t("lead") : t("leadOf", { name })}
      >
        <LiveMark>{t("live")}</LiveMark>
      </PageHeader>
      <WhoseSwitch value={whose} onChange={setWhose} />
      <Log key={whose} owner={whose} />
    </>
  );
}

function Log({ owner }: { readonly owner: string }) {
  const t = useTexts(logTexts);
  const { entries, error, isPending, refetch, earlier } = useReleaseLog(owner);
  const formats = useFormats();
  if (isPending) return <Loading>{t("loading")}</Loading>;
  const byDay = [...Map.groupBy(entries ?? [], ({ at }) => formats.date(at))];
  return (
    <>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && byDay.length === 0 && (
        <Empty icon={<IconEyeOff size={30} />} title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      {byDay.flatMap(([day, ofDay]) =>
        partsByPlace(ofDay).map(([number, part], place) => (
          <Part key={`${day} ${number}`} day={place === 0 ? day : undefined} entries={part} />
        )),
      )}
      {earlier.error && <Failure error={earlier.error} onRetry={earlier.readOn} />}
      {earlier.isLeft && !earlier.error && (
        <>
          <ListEnd key={entries?.at(-1)?.number} onNear={earlier.readOn} />
          <Button variant="default" size="lg" mt="xl" loading={earlier.isPending} onClick={earlier.readOn}>
            {t("more")}
          </Button>
        </>
      )}
    </>
  );
}

/** By places in the log, so that what comes before them moves no entry into another part. */
function partsByPlace(entries: readonly LoggedRelease[]): readonly (readonly [number: number, part: readonly LoggedRelease[]])[] {
  return [...Map.groupBy(entries, ({ number }) => Math.floor(number / PART))];
}

/** Entries of a day, as many as are drawn at once. */
function Part({ day, entries }: { readonly day: string | undefined; readonly entries: readonly LoggedRelease[] }) {
  return (
    <Windowed guessedHeight={entries.length * ROW_PX}>
      <section className={day === undefined ? styles.part : styles.day}>
        {day !== undefined && <h2>{day}</h2>}
        <ListCard>
          {entries.map((entry) => (
            <li key={entry.releaseId}>
              <LogRow entry={entry} />
            </li>
          ))}
        </ListCard>
      </section>
    </Windowed>
  );
}

function LogRow({ entry }: { readonly entry: LoggedRelease }) {
  const t = useTexts(logTexts);
  const formats = useFormats();
  const { name, purpose, reason } = useReleaseWords()(entry);
  const other = useNameOfOther()(entry.owner);
  const Icon = reason === undefined ? IconEye : IconShieldX;
  return (
    <EntryRow
      icon={<Icon size={22} />}
      tone={reason === undefined ? "plain" : "bad"}
      at={entry.at}
      time={formats.time(entry.at)}
      terms={
        <>
          {purpose}
          {reason !== undefined && ` · ${reason}`}
          {entry.outcome.kind === "released" && entry.outcome.under === "owner" && ` · ${t("asOwner")}`}
          {entry.outcome.kind === "released" &&
            entry.outcome.under === "delegation" &&
            ` · ${other === undefined ? t("asDelegate") : t("asDelegateOf", { name: other })}`}
        </>
      }
    >
      <strong>{name}</strong> {reason === undefined ? t("read", { count: entry.objects.length }) : t("refused")}
    </EntryRow>
  );
}
