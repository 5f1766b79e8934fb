// Claims a case without leaving the list. Who was faster is said in the server's own words.

import { word } from "../words.js";

// onAnswer(text): what came of it, and the list is to be asked for anew.
export function watchClaims(form, { onAnswer }) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    const headers = { Accept: "application/json" };
    const answer = await fetch(event.submitter.formAction, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    onAnswer(said?.text ?? word("not_reached"));
  });
}
