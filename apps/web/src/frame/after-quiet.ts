import { followFocus } from "./follow-focus.ts";
import { keepApp } from "./keep-app.ts";

/** What nobody needs in the first moment of the app. */
followFocus();
if (import.meta.env.PROD) void keepApp();
