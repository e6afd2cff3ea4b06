// Staff only: whether this device rings when they are called, and how it is woken.

const PATIENCE_MS = 15_000; // some browsers never say that they cannot
const SCOPE = "/wake/"; // nothing is there: the worker is for waking, and controls no page

// What this device is woken by, as (endpoint, key, secret); nothing if it is not. With the relay's key it is asked to
// ring from now on, with an empty one not to any more; without, it is only looked at.
export function ring(key, script) {
  const never = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([asked(key, script), never]);
}

async function asked(key, script) {
  if (!("serviceWorker" in navigator && "PushManager" in self && "Notification" in self)) return undefined;
  if (!key) {
    const known = await navigator.serviceWorker.getRegistration(SCOPE);
    return told(Notification.permission === "granted" && (await known?.pushManager.getSubscription()));
  }
  if (key.length === 0) {
    const known = await navigator.serviceWorker.getRegistration(SCOPE);
    return void (await (await known?.pushManager.getSubscription())?.unsubscribe());
  }
  if ((await Notification.requestPermission()) !== "granted") return undefined;
  const registration = await navigator.serviceWorker.register(script, { scope: SCOPE });
  await active(registration);
  const before = await registration.pushManager.getSubscription();
  if (before && !same(before.options.applicationServerKey, key)) await before.unsubscribe();
  return told(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
}

function told(subscription) {
  if (!subscription) return undefined;
  const bytes = (name) => new Uint8Array(subscription.getKey(name));
  return [subscription.endpoint, bytes("p256dh"), bytes("auth")];
}

function same(one, other) {
  const bytes = new Uint8Array(one ?? 0);
  return bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
}

function active(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return undefined;
  return new Promise((resolve) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && resolve());
  });
}
