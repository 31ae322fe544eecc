// The web chat's page. Every sentence stands in index.html.

const PAUSE = 3000; // milliseconds before trying a lost connection again
const PATIENCE = 60000; // the server answers sooner even when its engine hangs
const NEAR = 160; // pixels from the end within which a reader wants to follow
const CASE_NUMBER = /(KT\d{8}-\d{4,})/;

const part = (id) => document.getElementById(id);
const copy = (id) => part(id).content.cloneNode(true).firstElementChild;
const pause = () => new Promise((done) => setTimeout(done, PAUSE));

const room = part("room");
const log = part("log");
const box = part("box");
const memory = storage();
const session = remembered("ketang-session", newId);
const shown = new Set(); // ids: what a POST answered, the event stream may bring again
let ready = false; // the conversation so far is on the page
let busy = false; // a message is on its way
let unsent = null; // kept with its id, so that sending it again cannot count twice

// ---- remembering

function storage() {
  try {
    localStorage.setItem("ketang-probe", "1");
    localStorage.removeItem("ketang-probe");
    return localStorage;
  } catch { // a browser that keeps nothing still gets a conversation, until it is closed
    const values = new Map();
    return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value) };
  }
}

function remembered(key, make) {
  const value = memory.getItem(key) ?? make();
  memory.setItem(key, value);
  return value;
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http outside localhost
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- showing

function toEnd() {
  room.scrollTop = room.scrollHeight;
}

/** Makes a change that moves the end of the conversation, and stays there unless the reader has scrolled up. */
function keepingEnd(change) {
  const following = room.scrollHeight - room.scrollTop - room.clientHeight < NEAR;
  change();
  if (following) toEnd();
}

function showMine(text) {
  const article = copy("mine");
  article.querySelector(".said").textContent = text;
  log.append(article);
  toEnd();
  return article;
}

function showOurs({ id, text, buttons }) {
  if (id !== undefined && shown.has(id)) return;
  shown.add(id);
  const article = copy("ours");
  article.querySelector(".said").append(...text.split(CASE_NUMBER).map(word));
  article.querySelector(".chips").append(...buttons.map(chip));
  keepingEnd(() => log.append(article));
}

/** A case number stands out and in one line, to be read out over the telephone. */
function word(text) {
  if (!CASE_NUMBER.test(text)) return text;
  const number = copy("number");
  number.textContent = text;
  return number;
}

function chip({ title, payload }) {
  const button = copy("chip");
  button.textContent = title;
  button.dataset.payload = payload;
  return button;
}

function openChips() {
  return [...log.querySelectorAll(".chip:enabled")];
}

function setDisabled(chips, disabled) {
  for (const one of chips) one.disabled = disabled;
}

function hint(text) {
  keepingEnd(() => {
    part("hint").textContent = text ?? "";
    part("hint").hidden = !text;
  });
}

const sentence = (id) => part(id).content.textContent;

function setBusy(now) {
  busy = now;
  part("send").disabled = now;
  keepingEnd(() => {
    part("typing").hidden = !now;
  });
}

function grow() {
  keepingEnd(() => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  });
}

// ---- speaking

async function post(message) {
  if (!ready) throw new Error("the conversation so far is not here yet");
  const response = await fetch("/chat/messages", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ session, ...message }),
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  const { replies } = await response.json();
  return { accepted: response.ok, replies };
}

/** True when the server has taken the message; otherwise a hint says what to do. */
async function send(message, words, failure) {
  hint();
  const chips = openChips();
  setDisabled(chips, true);
  const article = showMine(words);
  setBusy(true);
  const answer = await post(message).catch(() => null);
  setBusy(false);
  if (answer?.accepted) {
    answer.replies.forEach(showOurs);
    return true;
  }
  article.remove();
  setDisabled(chips, false);
  hint(answer?.replies?.[0]?.text ?? sentence(failure));
  return false;
}

function sameAgain(text, extra) {
  if (unsent?.text !== text) unsent = { id: newId(), text, ...extra };
  return unsent;
}

async function sendBox() {
  const text = box.value.trim();
  if (busy) return;
  if (!text) return hint(sentence("nothing-written"));
  if ([...text].length > Number(box.dataset.limit)) return hint(sentence("too-long"));
  box.value = "";
  grow();
  if (await send(sameAgain(text), text, "not-sent")) {
    unsent = null;
  } else {
    box.value = [text, box.value].filter(Boolean).join("\n");
    grow();
  }
}

async function press(button, byKeyboard) {
  if (busy) return;
  const { payload } = button.dataset;
  button.classList.add("chosen");
  const message = sameAgain(payload ?? button.textContent, payload ? { button: true } : {});
  if (await send(message, button.textContent, "press-not-sent")) {
    unsent = null;
    if (byKeyboard) box.focus(); // the chip that had the focus cannot hold it any longer
  } else {
    button.classList.remove("chosen");
    if (byKeyboard) button.focus();
  }
}

// ---- listening

async function recall() {
  for (;;) {
    try {
      const response = await fetch(`/chat/messages?session=${encodeURIComponent(session)}`);
      if (response.ok) return (await response.json()).messages;
    } catch { // offline, or the server is starting
    }
    part("connection").hidden = false;
    await pause();
  }
}

function showHistory(messages) {
  for (const message of messages) {
    if (!message.mine) {
      showOurs(message);
      continue;
    }
    setDisabled(openChips(), true);
    shown.add(message.id);
    showMine(message.text);
  }
  if (messages.length) toEnd();
  else log.append(copy("greeting"));
}

function listen(after) {
  const events = new EventSource(`/chat/events?session=${encodeURIComponent(session)}&after=${after}`);
  events.onopen = () => {
    part("connection").hidden = true;
  };
  events.onmessage = ({ data, lastEventId }) => {
    after = lastEventId;
    showOurs(JSON.parse(data));
  };
  events.onerror = async () => {
    const givenUp = events.readyState === EventSource.CLOSED;
    await pause(); // most breaks are over by then, and not worth a word
    if (events.readyState !== EventSource.OPEN) part("connection").hidden = false;
    if (givenUp) listen(after);
  };
}

async function open() {
  const messages = await recall();
  showHistory(messages);
  ready = true;
  part("connection").hidden = true;
  listen(messages.at(-1)?.id ?? 0);
}

// ---- the size of the letters

function setLarger(larger) {
  keepingEnd(() => document.documentElement.classList.toggle("larger", larger));
  part("larger").setAttribute("aria-pressed", String(larger));
  memory.setItem("ketang-larger", larger ? "1" : "");
  grow();
}

// ---- wiring

part("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sendBox();
});
part("send").addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the phone's keyboard open
box.addEventListener("input", () => {
  grow();
  hint();
});
box.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // Safari ends composing before this Enter
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  sendBox();
});
log.addEventListener("click", (event) => {
  const button = event.target.closest(".chip:enabled");
  if (button) press(button, event.detail === 0);
});
part("larger").addEventListener("click", () => setLarger(part("larger").getAttribute("aria-pressed") !== "true"));
window.addEventListener("resize", () => {
  grow();
  if (document.activeElement === box) toEnd(); // the phone's keyboard has opened
});

setLarger(memory.getItem("ketang-larger") === "1");
open();
