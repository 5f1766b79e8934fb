// Woken by a push message, which says only that there is something. Keeps nothing and fetches nothing: the sentence and the
// place to go (`about`) stand above this, written by the view that serves it (moderation/views/alerts.py).

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const { title, body } = about;
  event.waitUntil(self.registration.showNotification(title, { body, tag: "queue", renotify: true, requireInteraction: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(goThere());
});

// A page that is there already comes to the front; else the sign-in page, which leads on to it.
async function goThere() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === about.inside);
  return there ? there.focus() : self.clients.openWindow(about.place);
}
