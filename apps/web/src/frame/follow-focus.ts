import { router } from "./router.tsx";

/** A link that was pressed within a page is gone with it, and with it the place of who goes by keys or hears the page: that is the new page's heading then. */
export function followFocus(): void {
  router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
    if (!fromLocation || !pathChanged || document.activeElement !== document.body) return;
    const start = document.querySelector<HTMLElement>("#content h1") ?? document.querySelector<HTMLElement>("#content");
    start?.setAttribute("tabindex", "-1");
    start?.focus({ preventScroll: true });
  });
}
