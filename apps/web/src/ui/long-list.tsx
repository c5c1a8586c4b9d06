import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTexts } from "../frame/texts.ts";
import { longListTexts } from "./long-list-texts.ts";

/** More than anybody's record usually holds of a kind. */
const FIRST = 50;
/** What a phone lays out while one waits for it. */
const NEXT = 500;

interface LongListProps<Item> {
  readonly items: readonly Item[];
  /** The list itself, of the items that are shown. */
  readonly children: (shown: readonly Item[]) => ReactNode;
}

/** A list of any length: its beginning, and the rest by presses. Paper says how much of it is missing. */
export function LongList<Item>({ items, children }: LongListProps<Item>) {
  const t = useTexts(longListTexts);
  const [count, setCount] = useState(FIRST);
  const rest = items.length - count;
  return (
    <>
      {children(items.slice(0, count))}
      {rest > 0 && (
        <>
          <Button variant="default" mt="sm" onClick={() => setCount(count + NEXT)}>
            {t("more", { count: Math.min(rest, NEXT), rest })}
          </Button>
          <p data-paper-only>{t("notOnPaper", { count: rest })}</p>
        </>
      )}
    </>
  );
}
