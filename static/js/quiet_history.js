// The tab's history holds one entry of ours, not a trail of rooms: going from page to page replaces it.

import { hasLeft } from "./leave.js";

export function keepHistoryQuiet() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || !isPlainPress(event) || !staysHere(link)) return;
    event.preventDefault();
    goQuietly(link.href);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) forgetThisAddress(event.target, event.submitter);
  });
  // A page that the browser kept in memory may belong to somebody who has signed out since.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

export function goQuietly(address) {
  if (!hasLeft()) location.replace(address);
}

function isPlainPress(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

function staysHere(link) {
  const elsewhere = link.target && link.target !== "_self";
  return link.origin === location.origin && !elsewhere && !link.hasAttribute("download");
}

// No browser lets a POST replace its page's entry; so the entry that stays behind is made to name the front page.
function forgetThisAddress(form, button) {
  if (form.getAttribute("method")?.toLowerCase() !== "post") return;
  form.setAttribute("action", new URL(form.getAttribute("action") || "", location.href));
  const own = button?.getAttribute("formaction");
  if (own) button.setAttribute("formaction", new URL(own, location.href));
  history.replaceState(null, "", "/");
}
