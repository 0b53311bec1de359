// Inside a widget: tells the page around it how high it is, and nothing else.
"use strict";

if (window.parent !== window) {
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    window.parent.postMessage({ jingheHeight: height }, "*"); // which site is around it is not known here
  };
  new ResizeObserver(tell).observe(document.body);
  window.addEventListener("load", tell);
}
