// What the personal page of an event gains from a script: without a network it
// shows the last schedule with its age, and keeps what was said until it can be
// sent. Every entry carries the key that the page was made with, so that sending
// it twice counts once.
"use strict";

{
const room = document.querySelector("[data-offline]");
const home = room ? room.dataset.offline : "";
const shelf = "jinghe-queue-" + home;
const lines = { kept: "", queue: "", told: [] };

function fill(name, values) {
  let text = room.dataset[name];
  for (const [key, value] of Object.entries(values)) text = text.replace("{" + key + "}", value);
  return text;
}

function show() {
  const all = [lines.kept, lines.queue, ...lines.told].filter(Boolean);
  room.replaceChildren(...all.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  room.hidden = all.length === 0;
}

function queued() {
  try { return JSON.parse(localStorage.getItem(shelf) || "[]"); } catch { return []; }
}

function keep(list) {
  localStorage.setItem(shelf, JSON.stringify(list));
  lines.queue = list.length > 0 ? fill("queued", { count: list.length }) : "";
  show();
}

function age() {
  const at = Number(room.dataset.kept);
  if (!at) return;
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" });
  lines.kept = fill("aged", { time, minutes: Math.max(0, Math.round((Date.now() - at) / 60000)) });
  show();
}

// send posts one form; it throws where there is no network.
async function send(item, token) {
  const body = new URLSearchParams(item.fields);
  body.set("form_token", token);
  return fetch(item.action, { method: "POST", body, headers: { Accept: "application/json" } });
}

let sending = false;
// flush sends what is queued, in order. The server's order counts: what it has
// of the same thing already is told, and so is what it refuses.
async function flush() {
  if (sending || queued().length === 0) return;
  sending = true;
  try {
    const page = await fetch(home, { cache: "no-store" });
    const text = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = text.querySelector("input[name=form_token]");
    if (!page.ok || !token || text.querySelector("[data-offline]").dataset.kept) return;
    let sent = 0;
    while (queued().length > 0) {
      const [item, ...rest] = queued();
      const answer = await send(item, token.value);
      if (answer.status >= 500 || answer.status === 429) return;
      const said = await answer.json().catch(() => ({}));
      const fault = said.conflict || (answer.ok ? "" : said.detail || answer.status);
      if (fault) lines.told.push(item.label + "：" + fault);
      if (answer.ok) sent++;
      keep(rest);
    }
    lines.kept = "";
    if (sent > 0) lines.told.push(fill("sent", { count: sent }));
    show();
  } catch { /* still away */ } finally { sending = false; }
}

function later(form, fields) {
  const label = form.dataset.queue;
  keep([...queued().filter((x) => x.fields.key !== fields.key), { action: form.getAttribute("action"), fields, label }]);
  for (const b of form.querySelectorAll("button")) b.disabled = false;
  room.scrollIntoView({ block: "nearest" });
}

// follow looks at the page anew when the schedule changed, unless somebody is
// saying something or has to read what became of it: then it offers to. It waits
// a moment, another one on each phone: a hall does not ask all at once.
function follow() {
  const note = document.querySelector("[data-follow]");
  if (!note || !window.EventSource) return;
  let typed = false, now = note.dataset.mark, timer = 0;
  document.addEventListener("input", () => { typed = true; });
  const fits = () => now === note.dataset.mark;
  const act = () => {
    timer = 0;
    if (fits()) return;
    if (typed || !room.hidden) note.hidden = false;
    else location.replace(home);
  };
  new EventSource(note.dataset.follow).addEventListener("mark", (e) => {
    now = e.data;
    if (fits()) note.hidden = true;
    else if (!timer) timer = setTimeout(act, 1000 + 4000 * Math.random());
  });
}

if (room) {
  age();
  keep(queued());
  for (const form of document.querySelectorAll("form[data-queue]")) {
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      const fields = Object.fromEntries(new FormData(form));
      const away = () => { delete fields.form_token; later(form, fields); };
      if (!navigator.onLine) return away();
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
        if (!answer.ok) return form.submit(); // the page says what is wrong
        const said = await answer.json();
        location.assign(home + "?done=" + said.done + (said.place || ""));
        if (location.hash) location.reload();
      } catch { away(); }
    });
  }
  follow();
  window.addEventListener("online", flush);
  setInterval(flush, 20000);
  flush();
  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register("/e/sw.js").then(() => navigator.serviceWorker.ready).then(() => {
      // The first visit was not the worker's: it keeps the page and its parts now.
      const needed = [...document.querySelectorAll("link[rel=stylesheet],link[rel=icon],script[src],.qr img")].map((x) => x.href || x.src);
      const ask = () => Promise.all([home, ...needed].map((x) => fetch(x).catch(() => null))).then(() => { room.dataset.ready = "yes"; });
      if (navigator.serviceWorker.controller) ask();
      else navigator.serviceWorker.addEventListener("controllerchange", ask, { once: true });
    }).catch(() => { /* the page works without */ });
  }
}
}
