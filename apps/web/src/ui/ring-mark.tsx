/** The mark: a ring that opens to the inside, and the one gold point in it. */
export function RingMark({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M25.4 9.4a11.5 11.5 0 1 0 2.1 6.6h-8.4"
        fill="none"
        stroke="currentColor"
        strokeWidth="4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="16" r="2.5" fill="var(--gold)" />
    </svg>
  );
}
