// Keeps the personal page of an event for a phone that has no network: the page
// as it last was, with its age, and what it is made of. It stores nothing else,
// and sends nothing: what was said offline is queued by the page.
"use strict";

const pages = "jinghe-event-pages", parts = "jinghe-event-parts";
const patience = 6000; // how long a page may take before the kept one is shown

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) e.respondWith(part(e.request));
  else if (/^\/e\/[A-Z2-9]+$/.test(url.pathname)) e.respondWith(page(e.request, url));
  else if (/^\/e\/[A-Z2-9]+\/code\.png$/.test(url.pathname)) e.respondWith(picture(e.request, url));
});

// The address of a part changes with its content: one that is kept is the right one.
async function part(request) {
  const cache = await caches.open(parts);
  const held = await cache.match(request);
  if (held) return held;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

// The code that is shown at the desk: the desk may be where there is no network.
async function picture(request, url) {
  const cache = await caches.open(pages);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(patience) });
    if (fresh.ok) await cache.put(url.pathname, fresh.clone());
    return fresh;
  } catch (away) {
    const held = await cache.match(url.pathname);
    if (!held) throw away;
    return held;
  }
}

async function page(request, url) {
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(patience) });
    if (fresh.ok && !fresh.redirected) {
      const headers = new Headers(fresh.headers);
      headers.set("X-Kept-At", String(Date.now()));
      const copy = new Response(await fresh.clone().blob(), { status: 200, headers });
      await (await caches.open(pages)).put(url.pathname, copy);
    } else if (fresh.status === 404) {
      const cache = await caches.open(pages); // the link was revoked
      await Promise.all([cache.delete(url.pathname), cache.delete(url.pathname + "/code.png")]);
    }
    return fresh;
  } catch (away) {
    const held = await (await caches.open(pages)).match(url.pathname);
    if (!held) throw away;
    const text = (await held.text()).replace('data-kept=""', `data-kept="${held.headers.get("X-Kept-At")}"`);
    return new Response(text, { status: 200, headers: held.headers });
  }
}
