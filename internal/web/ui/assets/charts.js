// Draws what a table beside says, for those who look rather than read. Every page
// works without this file. The library is fetched when the first drawing is about
// to be seen, and not at all where the reader asked to save data.
"use strict";
(() => {
const library = document.currentScript.dataset.library;
const root = document.documentElement;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const zh = root.lang.startsWith("zh");
let loading;

function load() {
  loading ||= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = library;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

// The colours and letters of the page, read anew for each drawing: they follow the look.
function look() {
  const style = getComputedStyle(root), get = (name) => style.getPropertyValue("--" + name).trim();
  const size = parseFloat(style.fontSize);
  return {
    ink: get("ink"), soft: get("ink-2"), faint: get("ink-3"), sheet: get("sheet"), paper: get("paper"), sunk: get("sunk"), line: get("line"),
    need: get("need"), offer: get("offer"), link: get("link"), warn: get("warn"), needBar: get("need-bar"), offerBar: get("offer-bar"),
    size: Math.round(size * .8125), small: Math.round(size * .75), font: getComputedStyle(document.body).fontFamily,
  };
}

const parts = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
const mix = (a, b, share) => "#" + parts(a).map((x, i) => Math.round(x + (parts(b)[i] - x) * share).toString(16).padStart(2, "0")).join("");
const light = (colour) => parts(colour).map((x) => x / 255).map((x) => (x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4))
  .reduce((sum, x, i) => sum + x * [.2126, .7152, .0722][i], 0);
const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
const readable = (ground, a, b) => (ratio(ground, a) >= ratio(ground, b) ? a : b);

const words = (e) => (e ? e.textContent.trim() : "");
const number = (e) => parseFloat(words(e).replace(/[^0-9.-]/g, "")) || 0;
const tip = (c) => ({
  renderMode: "richText", confine: true, backgroundColor: c.sheet, borderColor: c.line, padding: 8,
  textStyle: { color: c.ink, fontFamily: c.font, fontSize: c.size },
});

// The market: a field of use is as large as it has entries, and takes the colour of
// the side that has more of them. Touching one opens its list.
function market(table, c) {
  const heads = table.tHead.rows[0].cells, [needs, offers] = [words(heads[0]), words(heads[2])];
  const data = [...table.tBodies[0].rows].map((row) => {
    const n = number(row.cells[0].querySelector(".n")), m = number(row.cells[2].querySelector(".n"));
    const side = row.cells[n > 0 ? 0 : 2].querySelector("a"), lean = (n - m) / Math.max(n + m, 1);
    const fill = mix(c.sunk, lean > 0 ? c.needBar : c.offerBar, .18 + .82 * Math.min(1, Math.abs(lean) * 1.4));
    const ink = readable(fill, c.ink, c.paper);
    return { name: words(row.cells[1]), value: n + m, pair: [n, m], url: side.href, itemStyle: { color: fill }, label: { color: ink } };
  }).filter((x) => x.value > 0);
  return {
    tooltip: { ...tip(c), formatter: (x) => (x.data && x.data.pair ? `${x.name}\n${needs} ${x.data.pair[0]} · ${offers} ${x.data.pair[1]}` : "") },
    series: [{
      type: "treemap", left: 0, right: 0, top: 0, bottom: 0, roam: false, nodeClick: false, breadcrumb: { show: false }, data,
      cursor: "pointer", visibleMin: 0, itemStyle: { gapWidth: 2, borderWidth: 0, borderColor: c.paper },
      label: {
        fontFamily: c.font, fontSize: c.size, lineHeight: c.size * 1.35, overflow: "break", padding: [3, 4],
        formatter: (x) => `${x.name}\n${x.data.pair[0]} : ${x.data.pair[1]}`,
      },
      emphasis: { itemStyle: { borderColor: c.ink, borderWidth: 2 } },
    }],
  };
}

// A radar of the parts of a score: one match, or up to four on one another. The
// order of the axes is that of the method, not of the list, so that shapes compare.
function radar(table, c, box) {
  const rows = [...table.tBodies[0].rows].filter((row) => row.dataset.axis)
    .sort((a, b) => a.dataset.axis - b.dataset.axis);
  if (rows.length < 3) return null;
  const colour = getComputedStyle(box).getPropertyValue("--side-bar").trim() || c.offerBar;
  const many = rows[0].cells.length > 3 || table.dataset.many !== undefined;
  const lines = many ? [[c.offer, "solid"], [c.need, "dashed"], [c.link, "dotted"], [c.warn, [8, 3, 2, 3]]] : [[colour, "solid"]];
  const count = many ? rows[0].cells.length - 1 : 1;
  const names = many ? [...table.tHead.rows[0].cells].slice(1).map((x) => words(x.querySelector("a") || x)) : [""];
  const known = Array.from({ length: count }, (_, i) => i).filter((i) => rows.some((row) => !row.cells[i + 1].matches(".unknown")));
  const value = (row, i) => number(row.cells[i + 1].querySelector(".share") || row.cells[i + 1]);
  return {
    tooltip: many ? {
      ...tip(c), trigger: "item", formatter: (x) => x.name + "\n" + rows.map((row) => `${words(row.cells[0])} ${value(row, known[x.dataIndex])} %`).join("\n"),
    } : undefined,
    radar: {
      indicator: rows.map((row) => ({ name: many ? words(row.cells[0]) : words(row.cells[0]).replace(/^(.{4,}) /, "$1\n"), max: 100 })), radius: many ? "68%" : "56%", splitNumber: 4, shape: "polygon",
      axisName: { color: c.soft, fontFamily: c.font, fontSize: c.small - (many ? 0 : 1) }, axisNameGap: 6,
      axisLine: { lineStyle: { color: c.line } }, splitLine: { lineStyle: { color: c.line } }, splitArea: { show: false },
    },
    series: [{
      type: "radar", silent: !many, symbol: many ? "circle" : "none", symbolSize: 5,
      data: known.map((i) => ({
        name: names[i], value: rows.map((row) => value(row, i)), itemStyle: { color: lines[i][0] },
        lineStyle: { color: lines[i][0], type: lines[i][1], width: 2 }, areaStyle: { color: lines[i][0], opacity: many ? .06 : .28 },
      })),
    }],
  };
}

// How many came how far: a step after the other, with its share of the one before.
function funnel(source, c, box) {
  const rows = [...source.querySelectorAll("tbody tr, .gauge")].map((x) => ({
    name: words(x.querySelector("th, .gauge-label")), value: number(x.querySelector(".n")),
  }));
  if (!rows.some((x) => x.value > 0)) return null;
  const most = Math.max(...rows.map((x) => x.value));
  const data = rows.map((x, i) => {
    const fill = mix(c.offerBar, c.sunk, .75 - .75 * (i / Math.max(1, rows.length - 1)));
    const inside = x.value / most > .4;
    // Beside its step a name may have no room on a phone; the table below has it.
    const text = `${x.name} ${x.value}`, wide = [...text].reduce((w, ch) => w + (ch < "\u2e80" ? .6 : 1), 0) * c.size;
    const shown = inside || wide < box.clientWidth * (.61 - .37 * x.value / most) - 16 ? text : `${x.value}`;
    return {
      ...x, shown, itemStyle: { color: fill, borderColor: c.sheet, borderWidth: 2 },
      label: { position: inside ? "inside" : "right", color: inside ? readable(fill, c.ink, c.paper) : c.ink },
      labelLine: { show: !inside, length: 8, lineStyle: { color: c.line } },
    };
  });
  return {
    tooltip: {
      ...tip(c), formatter: (x) => {
        const before = x.dataIndex > 0 ? rows[x.dataIndex - 1].value : 0;
        return `${x.name} ${x.value}` + (before > 0 ? `\n${Math.round(100 * x.value / before)} % ← ${rows[x.dataIndex - 1].name}` : "");
      },
    },
    series: [{
      type: "funnel", sort: "none", left: "2%", width: "74%", top: 4, bottom: 4, min: 0, max: most, minSize: "0%", maxSize: "100%", funnelAlign: "center", gap: 2, data,
      label: { fontFamily: c.font, fontSize: c.size, formatter: (x) => x.data.shown }, emphasis: { label: { fontSize: c.size } },
    }],
  };
}

// The numbers of the day: how much of each is reached.
function day(table, c) {
  const rows = [...table.tBodies[0].rows].map((row) => ({
    name: words(row.cells[0]), value: number(row.querySelector(".n")), most: number(row.querySelector(".of")),
  })).filter((x) => x.most > 0);
  if (rows.length === 0) return null;
  return {
    grid: { left: 0, right: c.size * 6, top: 0, bottom: 0, containLabel: true },
    xAxis: { type: "value", max: 1, show: false },
    yAxis: {
      type: "category", inverse: true, data: rows.map((x) => x.name), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: c.ink, fontFamily: c.font, fontSize: c.size * 1.4 },
    },
    series: [{
      type: "bar", data: rows.map((x) => x.value / x.most), barWidth: "52%", showBackground: true, backgroundStyle: { color: c.sunk },
      itemStyle: { color: c.offerBar }, silent: true,
      label: { show: true, position: "right", color: c.ink, fontFamily: c.font, fontSize: c.size * 1.4, formatter: (x) => `${rows[x.dataIndex].value} / ${rows[x.dataIndex].most}` },
    }],
  };
}

const kinds = { market, radar, radars: radar, funnel, day };

class Drawing {
  constructor(box) {
    this.box = box;
  }

  async begin() {
    try {
      await load();
    } catch {
      this.box.remove(); // the table says it all
      return;
    }
    this.draw();
    new ResizeObserver(() => this.chart && this.chart.resize()).observe(this.box);
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) matchMedia(query).addEventListener("change", () => this.draw());
    if (this.box.dataset.watch) new MutationObserver(() => this.draw()).observe(document.querySelector(this.box.dataset.watch), { childList: true });
  }

  draw() {
    const source = document.getElementById(this.box.dataset.of), c = look();
    const option = source && kinds[this.box.dataset.drawing](source, c, this.box);
    this.box.hidden = !option;
    if (!option) return;
    if (!this.chart) {
      this.chart = window.echarts.init(this.box, null, { renderer: "svg", locale: zh ? "ZH" : "EN" });
      this.chart.on("click", (x) => { if (x.data && x.data.url) location.assign(x.data.url); });
    }
    this.chart.setOption({ ...option, animation: !still.matches, animationDuration: 400, textStyle: { fontFamily: c.font } });
  }
}

const boxes = document.querySelectorAll("[data-drawing]");
if (navigator.connection && navigator.connection.saveData) {
  boxes.forEach((box) => box.remove());
  return;
}
const seen = new IntersectionObserver((list) => {
  for (const x of list) {
    if (!x.isIntersecting) continue;
    seen.unobserve(x.target);
    new Drawing(x.target).begin();
  }
}, { rootMargin: "200px" });
boxes.forEach((box) => seen.observe(box));
})();
