// What forms gain from a script: counters, keeping what was typed, the proof of
// work of a sign-up. Every form works without this file.
"use strict";

for (const box of document.querySelectorAll("[data-count]")) {
  const limit = Number(box.dataset.count);
  const note = document.createElement("p");
  note.className = "counter";
  note.setAttribute("aria-hidden", "true"); // maxlength says it to those who do not see
  box.after(note);
  const tell = () => {
    const n = [...box.value].length;
    note.textContent = n + " / " + limit;
    note.classList.toggle("near", n > limit * 0.9);
  };
  box.addEventListener("input", tell);
  tell();
}

// A long list of choices that is folded tells what is chosen, and can be searched.
for (const fold of document.querySelectorAll("details.fold")) {
  const head = fold.querySelector("summary"), rows = [...fold.querySelectorAll(".check")];
  const find = document.createElement("input");
  find.type = "search";
  find.className = "fold-find";
  find.placeholder = head.dataset.find;
  find.setAttribute("aria-label", head.dataset.find);
  head.after(find);
  find.addEventListener("input", () => {
    const words = find.value.trim().toLowerCase();
    for (const r of rows) r.hidden = !r.textContent.toLowerCase().includes(words);
  });
  find.addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
  const tell = () => {
    const on = rows.filter((r) => r.querySelector("input").checked).map((r) => r.textContent.trim());
    head.textContent = on.length ? head.dataset.some.replace("#", on.length) + on.join(head.dataset.comma) : head.dataset.none;
  };
  fold.addEventListener("change", tell);
  tell();
}

const tab = document.querySelector(".desk-nav [aria-current]"); // in view, where the tabs are longer than the window
if (tab) {
  const row = tab.parentElement, here = tab.getBoundingClientRect(), all = row.getBoundingClientRect();
  row.scrollLeft += here.left - all.left - (all.width - here.width) / 2;
}

const fault = document.querySelector("[data-focus]");
if (fault) fault.focus();

// What is typed stays in this tab until the server has it.
for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = "keep:" + form.dataset.keep;
  const named = () => [...form.elements].filter((e) => e.name && !["form_token", "revision"].includes(e.name) && !["hidden", "submit", "password", "file"].includes(e.type));
  try {
    if (!form.querySelector(".fault")) {
      const kept = JSON.parse(sessionStorage.getItem(key) || "null");
      const old = kept && kept.at && kept.at <= Number(form.dataset.since || 0);
      for (const e of kept && !old ? named() : []) {
        if (!(e.name in kept.values)) continue;
        if (e.type === "checkbox" || e.type === "radio") e.checked = kept.values[e.name].includes(e.value);
        else e.value = kept.values[e.name][0] || "";
      }
    }
  } catch { /* nothing kept */ }
  form.addEventListener("input", () => {
    const now = {};
    for (const e of named()) {
      now[e.name] = now[e.name] || [];
      if ((e.type !== "checkbox" && e.type !== "radio") || e.checked) now[e.name].push(e.value);
    }
    try { sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), values: now })); } catch { /* full or forbidden */ }
  });
}

// The form of an entry is kept on the server a moment after the last key, which
// answers with how clearly it is written. One request at a time; what was typed
// meanwhile goes with the next one.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const note = document.getElementById("draft-note"), clear = document.getElementById("draft-clear");
  const tell = (text, warn) => {
    if (note.textContent !== text) note.textContent = text;
    note.classList.toggle("warn", warn);
  };
  let timer, busy = false, again = false, sent = false;
  const keep = async () => {
    if (sent) return;
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.querySelector("[data-turn]");
      if (part) {
        if (answer.ok) form.elements.turn.value = part.dataset.turn;
        tell(part.querySelector(".draft-note").textContent, part.querySelector(".draft-note.warn") !== null);
        const fresh = part.querySelector(".draft-clear");
        if (fresh.textContent !== clear.textContent && !clear.contains(document.activeElement)) clear.replaceChildren(...fresh.childNodes);
      } else tell(answer.status === 401 || answer.status === 403 ? form.dataset.out : form.dataset.away, true);
    } catch {
      tell(form.dataset.away, true);
    }
    busy = false;
    if (again) keep();
  };
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 1200);
  });
}
for (const done of document.querySelectorAll("[data-kept]")) {
  try { sessionStorage.removeItem("keep:" + done.dataset.kept); } catch { /* nothing kept */ }
}

// The proof of work of a sign-up, in small portions so that the page stays
// usable. Without crypto.subtle (no TLS) somebody of the centre decides.
for (const form of document.querySelectorAll("form[data-puzzle]")) {
  const note = form.querySelector(".puzzle");
  const answer = form.querySelector("input[name=answer]");
  const bits = Number(form.dataset.bits);
  const text = new TextEncoder();
  const zeros = (bytes) => {
    let n = 0;
    for (const b of bytes) {
      if (b === 0) { n += 8; continue; }
      return n + Math.clz32(b) - 24;
    }
    return n;
  };
  const solve = async () => {
    for (let n = 0; ; n += 256) {
      const found = await Promise.all(Array.from({ length: 256 }, async (_, i) => {
        const sum = await crypto.subtle.digest("SHA-256", text.encode(form.dataset.puzzle + "." + (n + i)));
        return zeros(new Uint8Array(sum)) >= bits ? n + i : -1;
      }));
      const hit = found.find((x) => x >= 0);
      if (hit !== undefined) return hit;
      await new Promise((r) => setTimeout(r));
    }
  };
  if (window.crypto && crypto.subtle) {
    note.textContent = note.dataset.working;
    solve().then((n) => {
      answer.value = String(n);
      note.textContent = note.dataset.done;
      form.dataset.solved = "yes";
    });
  }
}

// Keys of the heavy pages: j and k go on and back, x picks, a passes on, r asks
// for the reason. The help beside says so, and its switch turns them off.
const keyed = document.querySelector("[data-keys]");
if (keyed) {
  const off = document.querySelector("[data-keys-switch]");
  try { off.checked = localStorage.getItem("keys") !== "off"; } catch { /* forbidden */ }
  off.addEventListener("change", () => {
    try { localStorage.setItem("keys", off.checked ? "on" : "off"); } catch { /* forbidden */ }
  });
  const rows = [...keyed.querySelectorAll("tbody tr")];
  const press = (key) => { const to = document.querySelector(`main [data-key="${key}"]`); if (to) to.click(); };
  const move = (by) => {
    const at = rows.findIndex((r) => r.contains(document.activeElement));
    const to = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (to) to.querySelector("a").focus();
  };
  document.addEventListener("keydown", (e) => {
    if (!off.checked || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("textarea, select, input:not([type=checkbox])")) return;
    if (e.key === "j") rows.length ? move(1) : press("j");
    else if (e.key === "k") rows.length ? move(-1) : press("k");
    else if (e.key === "a") press("a");
    else if (e.key === "r") { const box = document.getElementById("f-reason"); if (box) box.focus(); }
    else if (e.key === "x") { const r = rows.find((row) => row.contains(document.activeElement)); if (r) r.querySelector("input").click(); }
    else return;
    e.preventDefault();
  });
}
const all = document.querySelector("[data-pick-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll("input[name=pick]")];
    const to = !boxes.every((b) => b.checked);
    for (const b of boxes) b.checked = to;
  });
}
