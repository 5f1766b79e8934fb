// Entry of every page: what the shell around it does. A page's own script is loaded beside it.

import { showLocalTimes } from "./cards.js";
import { watchForLeaving } from "./leave.js";
import { watchMenus } from "./menu.js";
import { guardScreen } from "./privacy.js";
import { keepHistoryQuiet } from "./quiet_history.js";
import { offerThemes } from "./theme.js";

document.documentElement.classList.add("has-script");
watchMenus();
watchForLeaving();
keepHistoryQuiet();
guardScreen();
offerThemes();
showLocalTimes(document);
