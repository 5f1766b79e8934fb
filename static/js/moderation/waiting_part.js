// Entry of pages with nothing more to them than one living part.

import { keepAlive } from "./live_part.js";

keepAlive(document.querySelector("[data-live-part]"));
