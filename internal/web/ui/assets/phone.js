// What the personal page of an event gains from a script: it says what changed since
// this phone last saw the schedule; without a network it shows the last one with its
// age, and keeps what was said until it can be sent. Every entry carries the key that the page was made with, so that sending
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

// look asks for the page as it is now; null where there is none but the kept one.
async function look() {
  const page = await fetch(home, { cache: "no-store" });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const note = fresh.querySelector("[data-offline]");
  return page.ok && !page.redirected && note && !note.dataset.kept ? fresh : null;
}

// swap puts a fresh page in the place of what is shown; what was told stays.
const wrong = document.querySelector(".taps .field-fault"); // the form came back, with what was typed
let typed = Boolean(wrong);
function swap(fresh) {
  fresh.querySelector("[data-offline]").replaceWith(room);
  for (const x of document.querySelectorAll(".phone > details[open]")) fresh.getElementById(x.id)?.setAttribute("open", "");
  document.querySelector(".phone").replaceChildren(...fresh.querySelector(".phone").childNodes);
  room.dataset.kept = lines.kept = "";
  typed = false;
  show();
  news();
}

let sending = false;
// flush sends what is queued, in order, and then shows the page as it is now; a page
// that was kept gives way to it as well. The server's order counts: what it has of the
// same thing already is told, and so is what it refuses.
async function flush() {
  if (sending || (queued().length === 0 && !room.dataset.kept)) return;
  sending = true;
  try {
    let fresh = await look();
    const token = fresh && fresh.querySelector("input[name=form_token]");
    if (!fresh || (!token && queued().length > 0)) return;
    let sent = 0;
    while (queued().length > 0) {
      const [item, ...rest] = queued();
      const answer = await send(item, token.value);
      if (answer.status >= 500 || answer.status === 429) return;
      const said = await answer.json().catch(() => ({}));
      const fault = said.conflict || (answer.ok ? "" : said.detail || answer.status);
      const wrote = [item.fields.amount, item.fields.note].filter(Boolean).join(" · "); // what was refused is not lost
      if (fault) lines.told.push(item.label + "：" + fault + (answer.ok || !wrote ? "" : " “" + wrote + "”"));
      if (answer.ok) sent++;
      keep(rest);
    }
    if (sent > 0) {
      lines.told.push(fill("sent", { count: sent }));
      fresh = await look() || fresh;
    }
    lines.kept = "";
    show();
    if (!typed) swap(fresh);
  } catch { /* still away */ } finally { sending = false; }
}

function later(form, fields) {
  const label = form.dataset.queue;
  keep([...queued().filter((x) => x.fields.key !== fields.key), { action: form.getAttribute("action"), fields, label }]);
  for (const b of form.querySelectorAll("button")) b.disabled = false;
  typed = false;
  room.scrollIntoView({ block: "nearest" });
}

// follow looks at the page anew when the schedule changed, unless somebody is
// saying something or has to read what became of it: then it offers to, if it is the
// schedule and not what he does himself. It waits a moment, another one on each phone:
// a hall does not ask all at once.
function follow() {
  const note = () => document.querySelector("[data-follow]");
  if (!note() || !window.EventSource) return;
  let now = note().dataset.mark, timer = 0, tries = 0;
  document.addEventListener("input", () => { typed = true; });
  const plan = (mark) => mark.split("-")[0], shown = () => note().dataset.mark, busy = () => typed || !room.hidden;
  const soon = () => setTimeout(act, 1000 + 4000 * Math.random());
  const act = async () => { // one at a time: no older page over a newer one
    if (now !== shown() && !busy()) {
      const fresh = await look().catch(() => null);
      if (fresh && !busy()) swap(fresh);
    }
    const behind = now !== shown(); // still: the page was away, or not as new as the mark
    if (behind && busy()) note().hidden = plan(now) === plan(shown());
    timer = behind && !busy() && tries-- > 0 ? soon() : 0;
  };
  new EventSource(note().dataset.follow).addEventListener("mark", (e) => {
    now = e.data;
    tries = 3;
    if (now === shown()) note().hidden = true;
    else if (!timer) timer = soon();
  });
}

// news tells what changed in the schedule since it was last seen on this phone, and
// marks it, until somebody says that he has seen it. The first plan changes nothing: it is
// told as a whole, to who is in it. A delay is told by itself.
function news() {
  const box = document.querySelector("[data-news]");
  if (!box) return;
  const place = "jinghe-seen-" + home, now = {}, plan = box.dataset.plan;
  for (const x of document.querySelectorAll("#meetings ~ .appointment")) {
    const { slot, time, table } = x.dataset;
    now[x.dataset.meeting] = { slot, time, table, with: x.dataset.with };
  }
  const seen = () => { try { localStorage.setItem(place, JSON.stringify({ plan, meetings: now })); } catch { /* told again next time */ } };
  let last = null;
  try { last = JSON.parse(localStorage.getItem(place)); } catch { /* as on the first visit */ }
  const first = Boolean(plan && last && last.meetings && !last.plan && Object.keys(now).length); // there was none at the last look
  const was = first ? null : last && (last.meetings || last); // earlier versions kept the meetings alone
  const told = [];
  const tell = (name, x, old) => told.push(box.dataset[name].replace(/\{(\w+)\}/g, (_, k) => ({ ...x, from: old?.time, at: old?.table })[k]));
  for (const [id, x] of Object.entries(was ? now : {})) {
    const old = was[id], name = !old ? "new" : old.slot !== x.slot ? "moved" : old.table !== x.table ? "table" : "";
    if (!name) continue;
    tell(name, x, old);
    for (const a of document.querySelectorAll(`.appointment[data-meeting="${CSS.escape(id)}"] .appointment-head`))
      a.append(Object.assign(document.createElement("span"), { className: "changed", textContent: name === "new" ? box.dataset.markNew : box.dataset.markMoved }));
  }
  for (const [id, old] of Object.entries(was || {})) if (!now[id]) tell("gone", old);
  box.hidden = told.length === 0 && !first;
  if (box.hidden) seen();
  box.querySelector("p").textContent = first ? box.dataset.first : box.dataset.changed;
  box.querySelector("ul").replaceChildren(...told.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  box.querySelector("button").onclick = () => {
    seen();
    box.hidden = true;
    for (const x of document.querySelectorAll(".changed")) x.remove();
  };
}

if (room) {
  if (wrong) window.addEventListener("load", () => wrong.focus()); // after the browser went to the form
  age();
  keep(queued());
  news();
  document.addEventListener("submit", async (e) => {
    const form = e.target;
    if (!form.matches("form[data-queue]")) {
      if (navigator.onLine) return;
      e.preventDefault(); // the browser would put its own page in the place of the schedule
      lines.told = [room.dataset.needs];
      show();
      return room.scrollIntoView({ block: "center" });
    }
    e.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    const away = () => { delete fields.form_token; later(form, fields); };
    if (!navigator.onLine) return away();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
      if (!answer.ok) return form.submit(); // the page says what is wrong
      const said = await answer.json();
      const to = new URL(home + "?done=" + said.done + (said.place || ""), location), here = to.pathname + to.search === location.pathname + location.search;
      location.assign(to);
      if (here) location.reload(); // another place of the same page is no new page
    } catch { away(); }
  });
  follow();
  window.addEventListener("online", flush);
  setInterval(() => setTimeout(flush, 1000 * Math.random()), 4000); // while there is something to send, or a kept page to renew
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
