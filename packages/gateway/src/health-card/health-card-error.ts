/** What is wrong with a SMART Health Card, and what to do. */
export const healthCardFaults = {
  NotACard: "This is no SMART Health Card. Scan its code again, or choose its file (.smart-health-card).",
  Chunked: "This card is spread over several codes, a form that is no longer used. Ask its issuer for a new one.",
  NotES256: "The card is not signed as SMART Health Cards are (ES256). Ask its issuer for a new one.",
  NotCompressed: "The content of the card cannot be unpacked. Ask its issuer for a new one.",
  UnknownKey: "The card names a key that is not among its issuer's. It may be forged, or the keys are old: get the issuer's present ones.",
  UnknownIssuer: "Nobody in this network issues cards under this address. Whether it is genuine, only its issuer's keys tell.",
  BadKey: "The issuer's key is no ES256 key on the curve P-256. Ask the issuer for the right one.",
  Forged: "The signature does not fit. The card was altered, or is not from this issuer.",
  NotYet: "The card is not valid yet.",
  Expired: "The card has ended. Ask its issuer for a new one.",
  BadContent: "The card does not hold what a SMART Health Card holds. Ask its issuer for a new one.",
  TooLarge: "The content is too large for one code. Put less on the card.",
} as const;

export type HealthCardFault = keyof typeof healthCardFaults;

/** A card that is refused. It names what is wrong, never what stands on the card. */
export class HealthCardError extends Error {
  override readonly name = "HealthCardError";
  readonly code: HealthCardFault;

  constructor(code: HealthCardFault, options?: ErrorOptions) {
    super(healthCardFaults[code], options);
    this.code = code;
  }
}
