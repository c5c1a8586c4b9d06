import type { ComponentType } from "react";
import type { Texts } from "./texts.ts";

/** A page of a feature. Its code is loaded when somebody goes there. */
export interface Page {
  /** Such as `/explorer/blocks/$height`. */
  readonly path: string;
  /** `person`: shown to somebody who has unlocked keys; others are led to the start page and back. */
  readonly audience: "everybody" | "person";
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
}

/** An entry of the navigation: rail on wide screens, bar at the bottom of phones, so at most five. */
export interface NavigationItem {
  readonly to: string;
  /** Beginnings of the addresses of pages that lie behind this entry, beside those under its own. */
  readonly leadsTo?: readonly string[];
  readonly icon: ComponentType<{ readonly size?: number | string; readonly stroke?: number | string; readonly "aria-hidden"?: "true" }>;
  readonly label: Label;
}

/** A text by the name of its key. */
export interface Label {
  readonly texts: Texts;
  readonly key: string;
}

/** Where people with a certain part in a network are at home. */
export interface Desk {
  /** Parts that the sample town names, such as `patient` or `clinician`. */
  readonly parts: readonly string[];
  readonly home: string;
  readonly navigation: readonly NavigationItem[];
}

/** A folder of `features/`: pages, and perhaps a desk. `frame/features.ts` lists them all. */
export interface Feature {
  readonly name: string;
  readonly pages: readonly Page[];
  readonly desk?: Desk;
  /** What runs beside every page while somebody's keys are unlocked, such as hearing of reads. Shows nothing by itself. */
  readonly companion?: () => Promise<{ readonly Companion: ComponentType }>;
}
