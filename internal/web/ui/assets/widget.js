// One tag puts a list, or the matches of an entry, into a page of another site:
//   <script async src="https://HOST/embed.js" data-show="opportunities"></script>
// What it shows lives in a frame of its own: it reads nothing of the page around
// it, and the page reads nothing of it.
"use strict";

(() => {
  const script = document.currentScript;
  if (!script) return;
  const address = new URL("embed", script.src);
  const known = ["show", "opportunity", "capability", "q", "field", "batch", "organisation", "limit", "search", "theme", "accent", "size", "lang"];
  for (const name of known) {
    const value = script.dataset[name];
    if (value) address.searchParams.set(name, value);
  }
  const frame = document.createElement("iframe");
  frame.title = script.dataset.title || (script.dataset.lang === "en" ? "City scenario lists" : "城市场景清单");
  frame.loading = "lazy";
  frame.className = "jinghe-widget";
  // Its own scripts and links; never the page around it. On its own site, where
  // it could reach that page anyway, this would only look like a wall.
  if (address.origin !== window.location.origin) frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
  Object.assign(frame.style, { display: "block", width: "100%", height: "320px", border: "0", colorScheme: "normal" });
  window.addEventListener("message", (e) => {
    if (e.source !== frame.contentWindow || e.origin !== address.origin) return;
    const height = Number(e.data && e.data.jingheHeight);
    if (height > 0 && height < 20000) frame.style.height = height + "px";
  });
  frame.src = address.href;
  script.after(frame);
})();
