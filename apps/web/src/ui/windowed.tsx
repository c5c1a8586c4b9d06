import { type ReactNode, useEffect, useRef, useState } from "react";

interface WindowedProps {
  /** What the content will be high, about, in px: until it was seen, its gap has this height. */
  readonly guessedHeight: number;
  readonly children: ReactNode;
}

/** Content is there from one height of the window before it comes into sight until one after it has gone. */
const NEAR = "100% 0px";

/** Keeps content that is far from sight out of the document, with a gap of its height in its place: a list of ten thousand stays as light as one of a hundred. */
export function Windowed({ guessedHeight, children }: WindowedProps) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  const height = useRef(guessedHeight);
  useEffect(() => {
    const element = place.current!;
    const observer = new IntersectionObserver(
      (changes) => {
        // Several may be told at once; the last one holds.
        const { isIntersecting, boundingClientRect } = changes.at(-1)!;
        // Measured while it still stands there.
        if (!isIntersecting && element.childElementCount > 0) height.current = boundingClientRect.height;
        setNear(isIntersecting);
      },
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} style={isNear ? undefined : { height: height.current }}>
      {isNear && children}
    </div>
  );
}

/** Tells once when the end of a list comes near. Key it by the length of the list: an end that stays near while the list grows is another one. */
export function ListEnd({ onNear }: { readonly onNear: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver((changes) => changes.some(({ isIntersecting }) => isIntersecting) && onNear(), {
      rootMargin: NEAR,
    });
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [onNear]);
  return <div ref={place} />;
}

/** Parts of at most `size`, in order. */
export function partsOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => items.slice(part * size, (part + 1) * size));
}
