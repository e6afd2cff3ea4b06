// For staff who chose it: rings on their device when they are called, with the page closed too. It never sees a page: its
// scope is a folder that does not exist. A person's browser never fetches this.

const TAG = "wake"; // one notification, however many calls: it says nothing of them

addEventListener("install", () => skipWaiting());

addEventListener("push", (event) => event.waitUntil(wake(read(event.data))));

function read(data) {
  try {
    return data.json();
  } catch {
    return {};
  }
}

async function wake(page) {
  const shown = await registration.getNotifications({ tag: TAG });
  const over = page.k === 1;
  // What is over was decided before what rings here now: that goes on.
  if (over && shown.some((one) => one.data > page.t)) return;
  const { title = "Piketdienst", body = "" } = page.notification ?? {};
  // A push that shows nothing costs the right to be woken. What is over stands there without a sound.
  const how = over ? { silent: true } : { renotify: true, requireInteraction: true };
  await registration.showNotification(title, { body, tag: TAG, data: page.t, ...how });
  if (!over && page.h) await arrived(page.h);
}

// Only what is on the screen has arrived. Whoever is not told so tries another channel.
async function arrived(handle) {
  for (const wait of [0, 1000, 3000]) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const told = await fetch("/page/arrived", { method: "POST", body: handle, credentials: "omit" }).catch(() => {});
    if (told?.ok) return;
  }
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

async function open() {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  return pages.length ? pages[0].focus() : clients.openWindow("/");
}
