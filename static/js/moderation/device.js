// This browser's side of being woken: the service worker and its subscription. Knows nothing of the page that asks.

export const STATES = { unsupported: "unsupported", blocked: "blocked", on: "on", off: "off" };

export function isSupported() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

// What is here already, or null. Registers nothing.
export async function subscription(scope) {
  const registration = await navigator.serviceWorker.getRegistration(scope);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

// Asks the person, then the browser's push service. Resolves with a subscription, or null where the person said no.
export async function subscribe({ worker, scope, key }) {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.register(worker, { scope, updateViaCache: "none" });
  await active(registration);
  await (await registration.pushManager.getSubscription())?.unsubscribe(); // perhaps made for another key
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

export async function unsubscribe(scope) {
  const registration = await navigator.serviceWorker.getRegistration(scope);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  await registration?.unregister();
}

// As the server stores it.
export function spelled(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

// Whether it was made for this key: a house that has a new one is refused by the push service.
export function isFor(subscription, key) {
  const made = subscription.options?.applicationServerKey;
  if (!made) return true;
  const [one, other] = [new Uint8Array(made), bytes(key)];
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

function active(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return Promise.resolve();
  return new Promise((go, fail) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") go();
      if (worker.state === "redundant") fail(new Error("the worker could not be installed"));
    });
  });
}

function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.codePointAt(0));
}
