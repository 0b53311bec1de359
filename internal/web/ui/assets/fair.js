// What the pages of an event gain from a script: the wall follows the hall, a
// page that waits looks again, a meeting is dragged, an outcome is three taps.
// Every page works without this file.
"use strict";

// The stage counts down from what the server said, and is steered by the keys of a
// presenter: on, back, and “.” to clear it.
let endsAt = 0;
function staged() {
  const left = document.querySelector("[data-left]"), body = document.querySelector("[data-seen]");
  if (left) endsAt = Date.now() + Number(left.dataset.left) * 1000;
  const seen = document.querySelector("[data-steer] input[name=seen]");
  if (seen && body) seen.value = body.dataset.seen;
}
function count() {
  const shown = document.querySelector("[data-left]");
  if (!shown) return;
  const left = Math.round((endsAt - Date.now()) / 1000), s = Math.abs(left);
  shown.textContent = (left < 0 ? "−" : "") + Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
  shown.classList.toggle("stage-soon", left <= 60 && left >= 0);
  shown.classList.toggle("stage-up", left < 0);
}
if (document.querySelector("[data-seen]")) {
  staged();
  count();
  setInterval(count, 500);
  const steer = document.querySelector("[data-steer]");
  const keys = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "back", PageUp: "back", ".": "clear" };
  if (steer) document.addEventListener("keydown", (e) => {
    const step = keys[e.key];
    if (!step || e.repeat || e.ctrlKey || e.metaKey || e.altKey || (e.key === " " && e.target.closest("button, input, a"))) return;
    e.preventDefault();
    steer.requestSubmit(steer.querySelector(`button[value=${step}]`));
  });
}

const wall = document.querySelector("[data-stream]");
if (wall && window.EventSource) {
  const note = document.querySelector("[data-stale]");
  const tell = (stale) => { if (note) note.textContent = stale ? note.dataset.stale : ""; };
  const stream = new EventSource(wall.dataset.stream);
  let heard = Date.now();
  stream.addEventListener("board", (e) => {
    heard = Date.now();
    const fresh = new DOMParser().parseFromString(e.data, "text/html");
    wall.replaceChildren(...fresh.body.childNodes);
    tell(false);
    staged();
  });
  stream.addEventListener("beat", () => { heard = Date.now(); tell(false); });
  setInterval(() => tell(Date.now() - heard > 15000), 5000);
}

// The day of an organiser follows the hall: what is late and what runs is asked for
// anew, and put in place unless somebody is at it. Lists that were opened stay open.
// The stream's first word counts too: something may have happened since the page was made.
const live = document.querySelector(".live[data-live]");
if (live && window.EventSource) {
  let due = false, asked = Promise.resolve();
  const renew = async () => {
    if (!due || live.contains(document.activeElement)) return;
    due = false;
    try {
      const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (page.status >= 500 || page.status === 429) throw page.status;
      if (!page.ok || page.redirected) return;
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(".live[data-live]");
      if (!fresh || fresh.isEqualNode(live)) return;
      if (live.contains(document.activeElement)) { due = true; return; } // somebody came to it meanwhile
      const open = [...live.querySelectorAll("details[open]")].map((x) => x.id);
      live.replaceChildren(...fresh.childNodes);
      for (const x of live.querySelectorAll("details")) if (open.includes(x.id)) x.open = true;
    } catch { // away, or too much to do: asked for again
      due = true;
      setTimeout(freshen, 5000);
    }
  };
  const freshen = () => { asked = asked.then(renew); }; // one after the other: no older page over a newer one
  new EventSource(live.dataset.live).addEventListener("board", () => { due = true; freshen(); });
  live.addEventListener("focusout", () => setTimeout(freshen, 0));
}
// Who was checked in is told, and the next one can be scanned at once.
if (new URLSearchParams(location.search).get("done") === "day.arrive") {
  const code = document.querySelector("form[action$='/day'] input[name=code]");
  if (code) code.focus({ preventScroll: true });
}

// The badge that a camera read is checked in without another press; who comes back to
// the page may press the button.
const once = document.querySelector("[data-at-once] form");
if (once && performance.getEntriesByType("navigation")[0]?.type === "navigate") once.requestSubmit();

// A display that shows more than fits turns its pages by itself.
if (document.querySelector("body.wall:not(.stage)")) setInterval(() => {
  const page = document.scrollingElement, room = page.scrollHeight - innerHeight;
  if (room > 4) page.scrollTo(0, page.scrollTop >= room - 4 ? 0 : Math.min(room, page.scrollTop + innerHeight * 0.85));
}, 12000);

const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.replace(location.pathname + location.search), Number(again.dataset.again) * 1000);

// The third tap sends, unless somebody is writing something more.
document.addEventListener("change", (e) => {
  const form = e.target.closest("form[data-taps]");
  if (!form || e.target.type !== "radio" || form.querySelector("details[open]")) return;
  const picked = (name) => form.querySelector(`input[name=${name}]:checked`);
  const held = picked("held");
  if (held && (held.value === "no" || (picked("worth") && picked("next")))) form.requestSubmit();
});

// A meeting is dragged to a place by filling the form that moves it.
const move = document.querySelector("form[data-keep=move]") || document.querySelector("form[action$='/plan'] select[name=meeting]")?.form;
if (move) {
  let dragged = null;
  for (const place of document.querySelectorAll(".place[data-table]")) {
    if (place.dataset.meeting) {
      place.draggable = true;
      place.addEventListener("dragstart", () => { dragged = place; place.classList.add("dragging"); });
      place.addEventListener("dragend", () => place.classList.remove("dragging"));
    }
    place.addEventListener("dragover", (e) => { if (dragged && dragged !== place) { e.preventDefault(); place.classList.add("target"); } });
    place.addEventListener("dragleave", () => place.classList.remove("target"));
    place.addEventListener("drop", (e) => {
      e.preventDefault();
      place.classList.remove("target");
      if (!dragged) return;
      move.elements.meeting.value = dragged.dataset.meeting;
      move.elements.slot.value = place.dataset.slot;
      move.elements.table.value = place.dataset.table;
      move.requestSubmit(move.querySelector("button[value=move]"));
    });
  }
}
