// Entry of a hand-over that somebody took. It shows what a person wrote, so it is never read anew by itself: that would be a
// look that nobody took. It asks for a sign of change, says that there is one, and the clinician decides.

import { goAtOnce } from "../leave.js";
import { part } from "../page.js";
import { followQueue } from "./live_part.js";
import { offerReadyWords } from "./ready_words.js";

const page = document.querySelector("[data-signs]");
const address = page.dataset.signsAddress;

offerReadyWords(page);
followQueue(async () => {
  const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
  if (!answer || answer.status >= 500) return;
  if (!answer.ok) return goAtOnce(location.href); // it is not theirs any more, or they are signed out
  const { signs } = await answer.json();
  if (signs !== page.dataset.signs) part("news").hidden = false;
});
