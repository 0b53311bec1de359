// What the pages of an event gain from a script: the wall follows the hall, a
// page that waits looks again, a meeting is dragged, an outcome is three taps.
// Every page works without this file.
"use strict";

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
  });
  stream.addEventListener("beat", () => { heard = Date.now(); tell(false); });
  setInterval(() => tell(Date.now() - heard > 15000), 5000);
}

const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.replace(location.pathname + location.search), Number(again.dataset.again) * 1000);

// The third tap sends, unless somebody is writing something more.
for (const form of document.querySelectorAll("form[data-taps]")) {
  form.addEventListener("change", (e) => {
    if (e.target.type !== "radio" || form.querySelector("details[open]")) return;
    const picked = (name) => form.querySelector(`input[name=${name}]:checked`);
    const held = picked("held");
    if (held && (held.value === "no" || (picked("worth") && picked("next")))) form.requestSubmit();
  });
}

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
