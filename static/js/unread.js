// How much is new in the other rooms. Asked of the room list now and then, not by entering those rooms: entering would
// show the person as "here" in rooms they are not looking at.

const ASK_EVERY = 45000; // milliseconds

export function watchOtherRooms(column, listAddress) {
  const renew = async () => {
    if (document.visibilityState === "hidden" || !navigator.onLine) return;
    const counts = await readCounts(listAddress).catch(() => null);
    if (counts) show(column, counts);
  };
  setInterval(renew, ASK_EVERY);
  document.addEventListener("visibilitychange", renew);
  renew();
}

async function readCounts(address) {
  const answer = await fetch(address, { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return new Map([...page.querySelectorAll("[data-room-link]")].map((link) => [link.dataset.roomLink, link]));
}

function show(column, fresh) {
  for (const link of column.querySelectorAll("[data-room-link]")) {
    const newer = fresh.get(link.dataset.roomLink);
    if (!newer || link.hasAttribute("aria-current")) continue;
    for (const name of ["unread", "here"]) {
      const place = link.querySelector(`[data-slot="${name}"]`);
      const said = newer.querySelector(`[data-slot="${name}"]`);
      if (!place || !said) continue;
      place.replaceChildren(...[...said.childNodes].map((node) => document.importNode(node, true)));
      place.hidden = said.hidden;
    }
  }
}
