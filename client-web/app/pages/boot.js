// What must work before, and without, the rest: leaving, covering, and keeping the link's secret off the screen.
// Then it fetches the interface (a WebAssembly module) and starts the worker, and carries words between the two.

// ---- the link's fragment: first of all, off the address bar; from here on only in memory

const HANDED_OVER = "f"; // from one language's page to the other's, for the length of one click
const TAB = "t"; // what leads back here after a reload: for as long as this tab lives, and worth nothing after leaving
const SEEN = "s"; // beside it: when somebody was last here, and whether a call of hers was open
const DEVICE = "k"; // what leads a member of staff back on her own device, if she chose so: worth nothing without her PIN
let fragment = takeFragment();
if (fragment) take(TAB); // another link, another story
fragment ||= take(HANDED_OVER);
let tab = look("sessionStorage", TAB);
const seen = look("sessionStorage", SEEN);
let device = look("localStorage", DEVICE); // what to do with it beside the others, the worker decides

function look(where, name) {
  try {
    return globalThis[where].getItem(name) ?? undefined;
  } catch {
    return undefined; // storage may be forbidden; then a reload begins anew
  }
}

function keep(secret) {
  if (left) return;
  tab = secret;
  if (!locked) attempt(() => sessionStorage.setItem(TAB, secret));
}

function keepOnDevice(secret) {
  if (left) return;
  device = secret;
  attempt(() => (secret === undefined ? localStorage.removeItem(DEVICE) : localStorage.setItem(DEVICE, secret)));
}

function takeFragment() {
  const found = location.hash.slice(1);
  if (found) history.replaceState(null, "", location.pathname);
  return found;
}

function take(name) {
  try {
    const value = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return value ?? "";
  } catch {
    return ""; // storage may be forbidden; then there is nothing in it either
  }
}

const page = document.getElementById("page");
const front = document.getElementById("front");
const room = document.getElementById("app");
const cover = document.getElementById("cover");
const exitStatus = document.getElementById("exit-status");
const NEUTRAL_TITLE = document.title;
const exitTo = document.querySelector("a[data-exit]").href;

let left = false; // whatever is still on its way comes to nothing
let app; // the interface, once it is there: a person's, or staff's desk
let worker;
let told = []; // what the worker has said, until it is known whose interface it is to be told to

// ---- leaving: everything in one synchronous turn; whatever fails, the next line still runs

function leave(event) {
  event?.preventDefault();
  document.documentElement.classList.add("leaving"); // a white page, at once
  document.title = NEUTRAL_TITLE;
  page.inert = true;
  wipe();
  // A navigation that fails would show the browser's own page with our address on it.
  if (navigator.onLine === false) showNeutralPage();
  else location.replace(exitTo);
}

function wipe() {
  left = true;
  fragment = "";
  tab = device = undefined;
  attempt(() => worker?.terminate()); // the keys and the socket with it
  attempt(() => app?.wipe());
  worker = app = told = undefined;
  // What a member of staff keeps on this device stays: she chose so, and undoes it herself.
  attempt(() => sessionStorage.clear());
  room.replaceChildren();
  page.remove();
  cover.remove();
}

function attempt(what) {
  try {
    what();
  } catch {
    // Leaving goes on.
  }
}

function showNeutralPage() {
  const heading = document.createElement("h1");
  heading.textContent = NEUTRAL_TITLE;
  const date = document.createElement("p");
  date.textContent = today();
  document.body.replaceChildren(heading, date);
}

function today() {
  return new Date().toLocaleDateString(`${document.documentElement.lang}-u-nu-latn`, { weekday: "long", day: "numeric", month: "long" });
}

for (const link of document.querySelectorAll("a[data-exit]")) link.addEventListener("click", leave);

// Shift three times, as GOV.UK's "Exit this page" has it: key-up, any other key begins anew, Shift as part of a
// capital does not count. Not Esc: it collides with dialogs, full screen and screen readers.
const PRESSES = 3;
const PRESSES_WITHIN_MS = 5000;
let presses = 0;
let lastWasModified = false;
let pressTimer;

addEventListener("keyup", (event) => {
  const counts = event.key === "Shift" && !lastWasModified;
  lastWasModified = event.shiftKey && event.key !== "Shift";
  clearTimeout(pressTimer);
  if (!counts) {
    if (presses > 0) say("none");
    presses = 0;
    return;
  }
  presses += 1;
  if (presses === PRESSES) return leave();
  say(presses === 1 ? "two" : "one");
  pressTimer = setTimeout(() => {
    presses = 0;
    say("none");
  }, PRESSES_WITHIN_MS);
}, true);

function say(which) {
  exitStatus.textContent = exitStatus.dataset[which];
  if (which === "none") setTimeout(() => presses === 0 && (exitStatus.textContent = ""), PRESSES_WITHIN_MS);
}

// Back from the memory of the browser: never to a conversation.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  wipe();
  location.replace(location.pathname);
});

// ---- the cover: a neutral page over this one, as soon as somebody looks away or nobody is there

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
// Whoever reads in a conversation types little: there, reading counts, and she is asked.
const QUIET = { soon: 100 * SECOND_MS, says: "cover", cover: 2 * MINUTE_MS, lock: 10 * MINUTE_MS };
const READING = { soon: 15 * MINUTE_MS, says: "ask", cover: 16 * MINUTE_MS, lock: 24 * MINUTE_MS };
const CLOSE_MS = 30 * MINUTE_MS;
const CLOSE_SOON_MS = MINUTE_MS; // said before: enough to come back for whoever cannot be quick (WCAG 2.2.1)

// What is due on a page that was left alone for so long. `is`: inRoom, she has a conversation before her; hidden, the page
// is behind another one; called, a call of hers is not over; hasCode and hasPhrase, what opens it again.
export function due(idleMs, is) {
  const at = is.inRoom && !is.hidden ? READING : QUIET;
  // Her words lead back: outside a conversation they are the lock, where the screen has no code.
  const close = is.hasPhrase && !is.hasCode && !is.inRoom ? at.lock : CLOSE_MS;
  // Whoever waits for somebody is never shut out.
  const closes = is.called ? Infinity : close;
  if (idleMs >= closes) return { closed: true };
  const covered = is.hidden || idleMs >= at.cover;
  const locked = is.hasCode && idleMs >= at.lock;
  if (covered) return { covered, locked, says: idleMs >= closes - CLOSE_SOON_MS ? "close" : undefined };
  return { covered, locked, says: idleMs >= at.soon ? at.says : undefined };
}

const coverContinue = document.getElementById("cover-continue");
const coverCode = document.getElementById("cover-code");
const coverStatus = document.getElementById("cover-status");
const code = document.getElementById("code");
const idle = document.getElementById("idle");
const idleStatus = document.getElementById("idle-status");

let is = { inRoom: false, called: false, hasCode: false, hasPhrase: false };
let staff = false; // their desk must stay visible; they are not who is watched
let lastSign = Date.now();
let locked = false;
let before; // what had the focus, and how far she had read

function signOfLife(event) {
  if (!cover.hidden) return; // it may be anybody
  lastSign = Date.now();
  // What went away under a finger would have it press what lies below.
  if (event.type !== "pointerdown" || !idle.contains(event.target)) warn();
}

function lookAround() {
  if (left || staff) return;
  lastSign = Math.min(lastSign, Date.now()); // the device's clock was set back
  const now = due(Date.now() - lastSign, { ...is, hidden: document.hidden });
  if (now.closed) return closeQuietly();
  if (now.covered) coverUp();
  if (now.locked) lock();
  warn(now.says);
  noteSign();
}

function warn(says) {
  const onCover = says === "close";
  tell(coverStatus, onCover ? "close" : undefined, ["close"]);
  tell(idleStatus, onCover ? undefined : says, ["cover", "ask"]);
  idle.classList.toggle("shown", !onCover && says !== undefined);
}

// Says it once; what was said for another reason stays.
function tell(status, says, these) {
  const said = these.find((one) => status.textContent === status.dataset[one]);
  if (said !== says && (said || says)) status.textContent = says ? status.dataset[says] : "";
}

function coverUp() {
  if (staff || !cover.hidden) return;
  document.getElementById("cover-date").textContent = today();
  before = { focus: document.activeElement, scroll: scrollY };
  warn();
  cover.hidden = false;
  document.documentElement.classList.add("under-cover");
  page.classList.add("covered"); // hidden, but nothing scrolls away or is lost
  coverContinue.focus();
}

function uncover() {
  cover.hidden = true;
  document.documentElement.classList.remove("under-cover");
  page.classList.remove("covered");
  coverStatus.textContent = "";
  lastSign = Date.now();
  before?.focus?.focus({ preventScroll: true });
  if (before) scrollTo(0, before.scroll);
  before = undefined;
}

// With a code of hers: not only out of sight, and loading the page anew does not open it either.
function lock() {
  if (locked) return;
  locked = true;
  page.remove();
  attempt(() => sessionStorage.clear());
}

// A browser that has put the page away, or was ended with the phone, loads it anew: also then it was left alone so long.
let noted = { at: 0, called: false };
function noteSign() {
  if (tab === undefined || locked || left) return;
  // A call is noted at once: whoever waits touches nothing any more.
  if (is.called === noted.called && Math.abs(lastSign - noted.at) < 10 * SECOND_MS) return;
  noted = { at: lastSign, called: is.called };
  attempt(() => sessionStorage.setItem(SEEN, `${lastSign} ${Number(is.called)}`));
}

function takeUp() {
  if (tab === undefined || !seen) return;
  const [at, called] = seen.split(" ").map(Number);
  const now = due(Date.now() - at, { ...is, called: called === 1 });
  if (now.closed) {
    take(TAB);
    tab = undefined;
  } else if (now.covered) {
    lastSign = at;
    coverUp();
  }
}

function unlock() {
  locked = false;
  cover.before(page);
  if (tab !== undefined) keep(tab);
  askForCode(false);
  uncover();
}

function askForCode(asks) {
  coverCode.hidden = !asks;
  coverContinue.hidden = asks;
  code.value = "";
  (asks ? code : coverContinue).focus();
}

function goOn() {
  if (left) return location.replace(location.pathname);
  if (locked) return askForCode(true);
  uncover();
}

const WRONG_MAX = 5; // in a row; then she waits
let wrong = 0;
let waitUntil = 0;
coverCode.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = code.value;
  code.value = "";
  code.focus();
  const waits = Date.now() < waitUntil;
  if (!waits && app?.opens(typed)) {
    wrong = 0;
    return unlock();
  }
  if (!waits) wrong += 1;
  const tooMany = wrong >= WRONG_MAX;
  if (tooMany) {
    wrong = 0;
    waitUntil = Date.now() + MINUTE_MS;
  }
  coverStatus.textContent = coverStatus.dataset[waits || tooMany ? "wait" : "wrong"];
});

// Everything of hers goes, and nothing that somebody could wonder about stands there instead.
function closeQuietly() {
  document.title = NEUTRAL_TITLE;
  coverUp();
  page.inert = true;
  wipe();
  coverStatus.textContent = "";
  document.body.replaceChildren(cover);
  askForCode(false);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden && cover.hidden) lastSign = Date.now(); // until now she was here
  lookAround();
});
coverContinue.addEventListener("click", goOn);
idle.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays where she was
document.getElementById("cover-leave").addEventListener("click", leave);
for (const sign of ["keydown", "pointerdown", "wheel", "click"]) {
  addEventListener(sign, signOfLife, { capture: true, passive: true });
}
setInterval(lookAround, SECOND_MS);
takeUp();

// ---- from the front page inside

// Links within the page would leave a trace in the address; the focus can move without one.
document.querySelector("a[href='#content']").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("content").focus();
});
for (const link of document.querySelectorAll("a[data-language]")) link.addEventListener("click", handOver);

function handOver() {
  attempt(() => fragment && sessionStorage.setItem(HANDED_OVER, fragment));
}

function reload() {
  handOver();
  location.reload();
}

// A link that was pasted: it never stands in the address, and so in no history.
function follow(link) {
  fragment = link;
  take(TAB);
  reload();
}

// Another link, opened where this page already was: the browser loads nothing by itself.
addEventListener("hashchange", () => {
  const found = takeFragment();
  if (!found) return;
  fragment = found;
  reload();
});

const begin = document.getElementById("begin");
const beginStatus = document.getElementById("begin-status");
let wantsIn = tab !== undefined; // she was inside
let ready = false;
document.getElementById("begin-row").hidden = false;
begin.addEventListener("click", () => {
  if (ready) return enter();
  // She reads first that it did not work. Browsers remember that a module did not come: after that, all anew.
  if (failed && wantsIn) return reload();
  wantsIn = true;
  if (failed) return sayFailed();
  beginStatus.textContent = beginStatus.dataset.loading;
  load();
});

function enter() {
  front.hidden = true;
  document.getElementById("library").hidden = true; // the interface shows it where it belongs
  document.getElementById("bar").hidden = false; // the front page has the emergency card on it already
  room.hidden = false;
  scrollTo(0, 0);
  room.querySelector("h1")?.focus();
}

// ---- the interface and the worker

const workerUrl = new URL("{{worker-boot.js}}", location.href).href;
const wakeUrl = new URL("{{wake.js}}", location.href).href; // staff's alone
// Only these two addresses may become a script.
const policy = globalThis.trustedTypes?.createPolicy("app", {
  createScriptURL: (url) => {
    if (url !== workerUrl && url !== wakeUrl) throw new TypeError("not a worker");
    return url;
  },
});

const DESK_AGAIN_MS = 5000;
let loading;
let failed = false;

function sayFailed() {
  beginStatus.textContent = beginStatus.dataset.failed;
}

function load() {
  loading ??= start().catch(() => {
    failed = true;
    if (wantsIn) sayFailed();
  });
}

// The words of this page's language; the others stay where they are.
const WORDS = { nl: "{{words.nl.bin}}", en: "{{words.en.bin}}", ar: "{{words.ar.bin}}" };
const base = document.documentElement.lang.slice(0, 2);
const language = base in WORDS ? base : "nl"; // once: something that translates pages may change it
let words;

async function fetchWords() {
  const response = await fetch(WORDS[language]);
  if (!response.ok) throw new Error("no words");
  words = new Uint8Array(await response.arrayBuffer());
}

async function fetchModule() {
  const module = await import("{{person.js}}");
  await module.default({ module_or_path: "{{person.wasm}}" });
  return module;
}

// Who comes by the address alone trusts the organisation that serves this page.
async function fetchRoot() {
  return fragment || fetch("root.txt", { cache: "no-store" }).then((root) => root.text(), () => "");
}

async function start() {
  // Whoever comes back waits for the worker; who is new reads first, and her line is for that.
  if (tab !== undefined) startWorker();
  const [module, , root] = await Promise.all([fetchModule(), fetchWords(), fetchRoot()]);
  if (left) return;
  const socket = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
  fragment = root;
  app = module;
  app.start({ lang: language, words, socket, fragment, tab, device, post, attend, keep, keepOnDevice, follow });
  if (!worker) startWorker();
  for (const said of early.splice(0)) hear(said);
  beginStatus.textContent = "";
  ready = true;
  if (wantsIn) enter();
}

const early = []; // what the worker has said before the interface was there

function startWorker() {
  worker = new Worker(policy ? policy.createScriptURL(workerUrl) : workerUrl, { type: "module" });
  worker.onmessage = (event) => (app ? hear(event.data) : early.push(event.data));
}

// What staff see comes in a module of its own, which a person never fetches. It takes over with all that was said.
let desk;

function hear(said) {
  const isStaff = app?.handle(said);
  if (!told) return;
  told.push(said);
  if (isStaff === false) told = [];
  if (isStaff === true) desk ??= fetchDesk(0);
}

async function fetchDesk(attempt) {
  // Browsers remember that a module did not come; under another fragment it is another one.
  const module = await import(`{{desk.js}}#${attempt}`)
    .then((it) => it.default({ module_or_path: "{{desk.wasm}}" }).then(() => it))
    .catch(() => undefined);
  if (!app) return; // she has left
  if (!module) return setTimeout(fetchDesk, DESK_AGAIN_MS, attempt + 1);
  app.wipe();
  app = module;
  app.start({ lang: language, words, socket: "", fragment: "", post, attend, keep, keepOnDevice, ring });
  for (const said of told) app.handle(said);
  told = undefined;
}

// By what this device is woken, if staff chose so; `key` asks for it.
function ring(key, tell) {
  import("{{ring.js}}")
    .then((it) => it.ring(key, policy ? policy.createScriptURL(wakeUrl) : wakeUrl))
    .then((way) => left || tell(...(way ?? [])))
    .catch(() => left || tell());
}

function post(said) {
  worker?.postMessage(said);
}

// The interface says where she is. Staff have no use for the front page.
function attend(inRoom, isStaff, called, hasCode, hasPhrase) {
  is = { inRoom, called, hasCode, hasPhrase };
  if (isStaff && !staff) {
    staff = true;
    uncover();
    if (!front.hidden) enter();
  }
}

load();
