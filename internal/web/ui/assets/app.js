// Small conveniences. Every page works without this file.
"use strict";

// A search box that completes what is typed: the combobox pattern of WAI-ARIA
// with the list below the box, arrow keys, Enter and Escape.
class Suggest {
  constructor(input, number) {
    this.input = input;
    this.form = input.form;
    this.list = document.createElement("ul");
    this.list.className = "options";
    this.list.id = "options-" + number;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels[0] ? input.labels[0].textContent : "");
    this.form.append(this.list);
    this.at = -1;
    this.asked = 0;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", (e) => { if (!e.isComposing) this.later(); });
    input.addEventListener("compositionend", () => this.later());
    input.addEventListener("keydown", (e) => this.key(e));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (e) => {
      const option = e.target.closest("li");
      e.preventDefault();
      if (option) this.take(option);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 120);
  }

  async ask() {
    const text = this.input.value.trim();
    const turn = ++this.asked;
    if (text === "") return this.close();
    try {
      const address = "/suggest?kind=" + this.input.dataset.suggest + "&q=" + encodeURIComponent(text.slice(0, 50));
      const answer = await fetch(address);
      if (!answer.ok || turn !== this.asked) return;
      this.show((await answer.json()).items);
    } catch {
      this.close(); // the box still searches
    }
  }

  show(items) {
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...items.map((item, i) => {
      const option = document.createElement("li");
      const name = document.createElement("span");
      const count = document.createElement("span");
      option.id = this.list.id + "-" + i;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.text = item.text;
      name.textContent = item.text;
      option.dataset.url = item.url || "";
      count.className = "n";
      count.textContent = item.what;
      option.append(name, count);
      return option;
    }));
    const open = items.length > 0 && document.activeElement === this.input;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    this.asked++;
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(e) {
    if (e.isComposing || this.list.hidden) return;
    const options = this.list.children;
    if (e.key === "Escape") {
      e.preventDefault();
      this.close();
    } else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      clearTimeout(this.timer); // who chooses has done typing: no answer that comes late
      this.asked++; // puts another list under the choice
      const step = e.key === "ArrowDown" ? 1 : -1;
      this.at = (this.at + step + options.length + (this.at < 0 && step < 0 ? 1 : 0)) % options.length;
      for (let i = 0; i < options.length; i++) options[i].setAttribute("aria-selected", String(i === this.at));
      this.input.setAttribute("aria-activedescendant", options[this.at].id);
    } else if (e.key === "Enter" && this.at >= 0) {
      e.preventDefault();
      this.take(options[this.at]);
    }
  }

  take(option) {
    this.input.value = option.dataset.text;
    this.close();
    if (option.dataset.url) location.assign(option.dataset.url);
    else this.form.requestSubmit();
  }
}

document.querySelectorAll("input[data-suggest]").forEach((input, i) => new Suggest(input, i));

// Browsers that cannot open the filters by style alone get them opened here.
if (matchMedia("(min-width: 60rem)").matches) {
  document.querySelectorAll("details[data-wide-open]").forEach((d) => { d.open = true; });
}
// The same for what is folded, when a page is printed.
if (!CSS.supports("selector(::details-content)")) {
  addEventListener("beforeprint", () => document.querySelectorAll(".why").forEach((d) => { d.open = true; }));
}
