import { type RefObject, useEffect, useRef, useState } from "react";

/** As browsers wait before they let a question of theirs be answered. */
export const UNREAD_MS = 500;

interface Standing {
  /** For what is pressed. */
  readonly place: RefObject<HTMLDivElement | null>;
  readonly isUnread: boolean;
  /** Asked at the press itself, which may come before anything else has noticed a move. */
  readonly isMeant: () => boolean;
}

/**
 * For what one press signs: whether it has only just come to where it stands, as when a card above it came or went, so that a press was meant for what stood
 * there before. Scrolling is no such move.
 */
export function useStanding(): Standing {
  const place = useRef<HTMLDivElement>(null);
  const stands = useRef({ top: Number.NaN, since: 0 });
  const [isUnread, setUnread] = useState(true);
  function isMeant(): boolean {
    const now = performance.now();
    const top = place.current!.getBoundingClientRect().top + scrollY;
    if (top !== stands.current.top) stands.current = { top, since: now };
    return now - stands.current.since >= UNREAD_MS;
  }
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const watcher = new ResizeObserver(() => {
      if (isMeant()) return;
      clearTimeout(timer);
      setUnread(true);
      timer = setTimeout(() => setUnread(false), UNREAD_MS);
    });
    // Whatever moves it changes the size of something around it.
    for (let around: Element | null = place.current; around; around = around.parentElement) watcher.observe(around);
    return () => {
      watcher.disconnect();
      clearTimeout(timer);
    };
  }, []);
  return { place, isUnread, isMeant };
}
