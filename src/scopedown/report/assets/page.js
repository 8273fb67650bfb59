"use strict";
/* What the page does for a reader: the filter, the choice of project, the keyboard, the theme, and the graph. */
(() => {
  const all = JSON.parse(document.getElementById("data").textContent).projects;
  const by = (id) => document.getElementById(id);
  const articles = all.map((_, number) => by(`p${number}`));
  const filter = by("filter"), show = by("show"), shown = by("shown"), chooser = by("project"), graph = by("graph");
  /* Milliseconds without a key until the graph follows the list. */
  const PAUSE = 120;
  /* Users of a chosen resource that are named. */
  const MOST = 12;
  let current = -1, drawn = false, later = 0;

  const boxOf = (number) => by(`p${current}f${number}`);
  const functionsOf = (project) => all[project].functions;

  /* The rows of each project's table of functions, by their functions' numbers. */
  const numberOf = (row) => Number(row.querySelector("a").getAttribute("href").replace(/^.*f/, ""));
  const rows = articles.map((article) => new Map([...article.querySelectorAll("table.list > tbody > tr")].map((row) => [numberOf(row), row])));

  /* The functions below their table are in its order. */
  function reorder(event) {
    const list = event.target.closest(".functions"), article = event.target.closest(".project");
    if (!list) return;
    list.querySelector(".nothing").before(...[...event.target.tBodies[0].rows].map((row) => by(`${article.id}f${numberOf(row)}`)));
  }

  function kept() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = new Set();
    functionsOf(current).forEach(([text, kinds], number) => {
      if ((show.value === "all" || kinds.includes(show.value)) && words.every((word) => text.includes(word))) found.add(number);
    });
    return found;
  }

  function apply() {
    if (current < 0) return;
    const found = kept(), count = functionsOf(current).length;
    for (let number = 0; number < count; number += 1) {
      const isHidden = !found.has(number);
      for (const one of [boxOf(number), rows[current].get(number)]) if (one && one.hidden !== isHidden) one.hidden = isHidden;
    }
    shown.textContent = found.size === count ? "" : `${found.size} of ${count} functions`;
    articles[current].querySelector(".nothing").hidden = found.size > 0;
    if (!drawn) return;
    clearTimeout(later);
    later = setTimeout(() => {
      Graph.filter(found, options());
      lightOpen();
      document.documentElement.dataset.drawn = filter.value;
    }, PAUSE);
  }

  const options = () => ({ events: by("events").checked, settings: by("settings").checked });

  /* The functions that are open and shown are lit in the graph. */
  function lightOpen() {
    const open = functionsOf(current).map((_, number) => number).filter((number) => boxOf(number).open && !boxOf(number).hidden);
    if (open.length === 1) Graph.select(open[0]);
    else Graph.light(open.map((number) => `f${number}`));
  }

  function choose(number) {
    if (number === current || !all[number]) return;
    current = number;
    chooser.value = String(number);
    articles.forEach((article, each) => { article.hidden = each !== number; });
    articles[number].querySelector(".functions").before(graph);
    explain(null);
    graph.hidden = all[number].nodes.length === 0;
    if (drawn) Graph.show(all[number], kept(), options());
    apply();
  }

  /* What is at the other ends of a resource or an event that is chosen in the graph: [name, [[function, labels], …]]. */
  function explain(chosen) {
    const line = by("chosen"), [name, uses] = chosen ?? ["", []];
    line.hidden = !chosen;
    const more = uses.length > MOST ? ` and ${uses.length - MOST} more` : "";
    const said = uses.slice(0, MOST).map(([one, does]) => (does ? `${one} (${does})` : one)).join(", ");
    line.textContent = chosen ? `Functions of ${name}: ${said}${more}` : "";
  }

  function open(number) {
    const box = boxOf(number);
    if (box.hidden) return;
    box.open = true;
    box.scrollIntoView({ block: "nearest" });
    box.querySelector("summary").focus({ preventScroll: true });
  }

  /* A link may be written wrong (#%): then it leads nowhere. */
  function fragment() { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } }

  /* What a link within the page leads to is shown first: its project is chosen, its function opened. */
  function follow() {
    const target = by(fragment());
    const article = target?.closest(".project");
    if (!article) return;
    choose(articles.indexOf(article));
    if (target.matches(".function")) {
      if (target.hidden) { filter.value = ""; show.value = "all"; apply(); }
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
    } else target.focus?.({ preventScroll: true });
    target.scrollIntoView();
  }

  const summaries = () => [...articles[current].querySelectorAll(".function:not([hidden]) > summary")];
  function step(from, by_) {
    const every = summaries(), at = every.indexOf(from);
    every[Math.max(0, Math.min(every.length - 1, at + by_))]?.focus();
  }

  function keys(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target;
    const writes = target.matches("input:not([type=checkbox]), select, textarea");
    if (event.key === "/" && !writes) {
      event.preventDefault();
      filter.focus();
      filter.select();
    } else if (event.key === "Escape") escape(target);
    else if (event.key === "ArrowDown" && target === filter) {
      event.preventDefault();
      summaries()[0]?.focus();
    } else if (target.matches(".function > summary")) {
      const steps = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      step(target, steps[event.key]);
    }
  }

  function escape(target) {
    if (target === filter) {
      filter.value = "";
      apply();
      return;
    }
    const box = target.closest(".function[open]") ?? articles[current].querySelector(".function[open]");
    if (!box) return;
    box.open = false;
    box.querySelector("summary").focus();
  }

  const KEY = "scopedown-theme";
  function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function paint(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    by("theme").textContent = isDark() ? "Light" : "Dark";
    by("theme").setAttribute("aria-label", `${isDark() ? "Light" : "Dark"} colours`);
    if (drawn) Graph.recolour();
  }
  /* A page from a folder may be refused a memory. */
  function remembered() { try { return localStorage.getItem(KEY); } catch { return null; } }
  function remember(theme) { try { localStorage.setItem(KEY, theme); } catch { /* then it holds for this time */ } }

  function start() {
    by("bar").hidden = false;
    const theme = remembered();
    paint(theme === "dark" || theme === "light" ? theme : "");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint(""));
    by("theme").addEventListener("click", () => {
      const next = isDark() ? "light" : "dark";
      remember(next);
      paint(next);
    });
    filter.addEventListener("input", apply);
    for (const one of [show, by("events"), by("settings")]) one.addEventListener("change", apply);
    chooser.addEventListener("change", () => choose(Number(chooser.value)));
    by("fit").addEventListener("click", () => Graph.fit());
    by("closer").addEventListener("click", () => Graph.zoom(1.25));
    by("farther").addEventListener("click", () => Graph.zoom(0.8));
    document.addEventListener("keydown", keys);
    document.addEventListener("toggle", (event) => { if (drawn && event.target.matches(".function")) lightOpen(); }, true);
    document.addEventListener("sorted", reorder);
    addEventListener("hashchange", follow);
    addEventListener("beforeprint", () => {
      for (const one of document.querySelectorAll("article:not([hidden]) details")) one.open = true;
    });
    if (!all.length) return;
    choose(0);
    follow();
    performance.mark("list");
    requestAnimationFrame(() => setTimeout(draw));
  }

  /* After what there is to read is on the screen. */
  function draw() {
    Graph.start(by("canvas"), open, explain);
    drawn = true;
    Graph.show(all[current], kept(), options());
    lightOpen();
    requestAnimationFrame(() => setTimeout(() => {
      performance.mark("graph");
      document.documentElement.dataset.ready = "yes";
    }));
  }

  start();
})();
