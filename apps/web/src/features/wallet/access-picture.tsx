import type { KnownGrant } from "@galen/sdk/records/known-grants";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { Avatar } from "../../ui/surface.tsx";
import styles from "./access.module.css";
import { accessTexts } from "./access-texts.ts";
import { useGrantWords } from "./grant-words.ts";

/** More than these would touch each other on a phone; the list below has them all. */
const MAX_SHOWN = 6;
const HALF_TURN = 180;

interface PictureProps {
  /** Name of the one whose records they are; undefined for the one who looks. */
  readonly owner: string | undefined;
  /** Those in force. */
  readonly grants: readonly KnownGrant[];
  readonly now: number;
}

/** The owner in the middle, and around, whoever may look in: a full line for everything, a dashed one for a part; the ring is the time that is left. */
export function AccessPicture({ owner, grants, now }: PictureProps) {
  const t = useTexts(accessTexts);
  const { saved } = usePerson();
  const shown = grants.slice(0, MAX_SHOWN);
  // One onlooker alone stands opposite, so that the picture keeps its balance.
  const centre = shown.length === 1 ? 30 : 50;
  const places = shown.map((_, index) => placeOf(index, shown.length));
  return (
    <div className={styles.picture} data-few={shown.length <= 2 ? "" : undefined}>
      <svg className={styles.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {shown.map(({ grantId, covers }, index) => (
          <line
            key={grantId}
            x1={centre}
            y1="50"
            x2={places[index]!.x}
            y2={places[index]!.y}
            data-part={covers.kind === "everything" ? undefined : ""}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <div className={styles.you} style={{ left: `${centre}%` }}>
        <Avatar name={owner ?? saved.name} size={4.5} />
        <strong>{owner ?? t("you")}</strong>
      </div>
      {shown.map((grant, index) => (
        <Onlooker key={grant.grantId} grant={grant} now={now} place={places[index]!} />
      ))}
      {grants.length > MAX_SHOWN && <span className={styles.more}>{t("more", { count: grants.length - MAX_SHOWN })}</span>}
    </div>
  );
}

interface OnlookerProps {
  readonly grant: KnownGrant;
  readonly now: number;
  readonly place: { readonly x: number; readonly y: number };
}

function Onlooker({ grant, now, place }: OnlookerProps) {
  const t = useTexts(accessTexts);
  const formats = useFormats();
  const { name, who, what, isOrganisation } = useGrantWords(grant);
  const share = (grant.until - now) / (grant.until - Math.max(grant.from, grant.createdAt));
  return (
    <a
      className={styles.onlooker}
      data-above={place.y < 45 ? "" : undefined}
      data-edge={place.x < 20 || place.x > 80 ? "" : undefined}
      href={`#grant-${grant.grantId}`}
      style={{ left: `${place.x}%`, top: `${place.y}%` }}
    >
      <span className={styles.ring}>
        <TimeRing share={share} />
        <Avatar name={name} kind={isOrganisation ? "organisation" : "person"} size={2.75} />
      </span>
      <strong>{who}</strong>
      <span className={styles.onlookerTerms}>
        {what} · {t("until", { day: formats.date(grant.until) })}
      </span>
    </a>
  );
}

/** Full at the beginning, gone at the end. */
function TimeRing({ share }: { readonly share: number }) {
  const length = 100 * Math.min(1, Math.max(0.02, share));
  return (
    <svg viewBox="0 0 44 44" aria-hidden="true">
      <circle cx="22" cy="22" r="20" className={styles.ringTrack} />
      <circle
        cx="22"
        cy="22"
        r="20"
        className={styles.ringTime}
        pathLength="100"
        strokeDasharray={`${length} 100`}
        transform="rotate(-90 22 22)"
      />
    </svg>
  );
}

/** Where the first one stands, in degrees, so that no line runs through a name. */
const starts: ReadonlyMap<number, number> = new Map([
  [2, 0],
  [3, -150],
  [4, -45],
]);

/** Around the middle, beginning at the top right; two stand left and right. */
function placeOf(index: number, count: number): { readonly x: number; readonly y: number } {
  if (count === 1) return { x: 70, y: 50 };
  const start = starts.get(count) ?? -90;
  const angle = ((start + (360 / count) * index) / HALF_TURN) * Math.PI;
  return { x: 50 + 37 * Math.cos(angle), y: 50 + 30 * Math.sin(angle) };
}
