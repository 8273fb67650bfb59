"use strict";
/* The graph: three columns (events, functions, resources) in the order that the data has them, drawn by cytoscape. */
/* exported Graph */
const Graph = (() => {
  const ROW = 46, GAP = 30, HEIGHT = 34;
  const COLUMN = { event: { x: 0, width: 190 }, function: { x: 390, width: 230 }, resource: { x: 870, width: 250 } };
  const LEFT = COLUMN.event.x - COLUMN.event.width / 2;
  const RIGHT = COLUMN.resource.x + COLUMN.resource.width / 2;
  const MANY_LABELS = 40;
  let cy = null, canvas = null, data = null, near = null, state = null, isLit = false, made = new Set();
  let whole = { top: 0, bottom: 0, left: LEFT };

  /* Colours as the browser works them out of the page's variables, which cytoscape cannot read. */
  function colours(names) {
    const probes = names.map((name) => {
      const probe = document.createElement("span");
      probe.style.color = `var(--${name})`;
      return probe;
    });
    canvas.append(...probes);
    const found = Object.fromEntries(names.map((name, number) => [name, getComputedStyle(probes[number]).color]));
    for (const probe of probes) probe.remove();
    return found;
  }

  const COLOURS = ["ink", "back", "edge", "accent", "warning", ...["event", "function", "resource"].flatMap((one) => [one, `${one}-back`])];

  function style() {
    const all = colours(COLOURS), colour = (name) => all[name];
    const box = (kind, back, ink) => ({
      selector: `node[kind="${kind}"]`,
      style: { width: COLUMN[kind].width, "background-color": colour(back), "border-color": colour(ink), "text-max-width": COLUMN[kind].width - 14 },
    });
    return [
      {
        selector: "node",
        style: {
          shape: "round-rectangle", height: HEIGHT, "border-width": 1, label: "data(shown)", color: colour("ink"),
          "font-size": 12, "font-family": "system-ui, sans-serif", "text-valign": "center", "text-halign": "center", "text-wrap": "wrap",
          "line-height": 1.15, "min-zoomed-font-size": 5,
        },
      },
      box("event", "event-back", "event"),
      box("function", "function-back", "function"),
      box("resource", "resource-back", "resource"),
      { selector: "node[?unknown]", style: { "border-style": "dashed", "border-width": 2, "border-color": colour("warning") } },
      {
        selector: "edge",
        style: {
          width: 1.3, "line-color": colour("edge"), "curve-style": "straight", "source-endpoint": "50% 0", "target-endpoint": "-50% 0",
          "target-arrow-shape": "none", opacity: 0.75,
        },
      },
      { selector: "edge[?setting]", style: { "line-style": "dashed" } },
      {
        selector: "edge.told",
        style: {
          label: "data(shown)", "font-size": 10.5, color: colour("ink"), "text-background-color": colour("back"), "text-background-opacity": 0.92,
          "text-background-padding": 2, "text-wrap": "wrap", "min-zoomed-font-size": 6, "font-family": "ui-monospace, monospace", opacity: 1,
        },
      },
      { selector: ".faded", style: { opacity: 0.12 } },
      { selector: "edge.lit", style: { width: 2.4, "line-color": colour("accent"), opacity: 1 } },
      { selector: "node.lit", style: { "border-width": 3, "border-color": colour("accent") } },
      { selector: ".hide", style: { display: "none" } },
    ];
  }

  const cut = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

  /* Actions of one service say its prefix once: "dynamodb: GetItem, PutItem". */
  function label(labels) {
    const by = new Map();
    for (const one of labels) {
      const [, prefix, name] = /^([\w-]+):(\S+)$/.exec(one) ?? [null, "", one];
      by.set(prefix, [...(by.get(prefix) ?? []), name]);
    }
    return [...by].map(([prefix, names]) => {
      const more = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
      return prefix ? cut(`${prefix}:${more.join(", ")}`, 60) : cut(more.join(", "), 24);
    }).join("\n");
  }

  function node([id, kind, name, type, about, unknown], at) {
    const width = { event: 28, function: 34, resource: 36 }[kind];
    const beside = kind === "function" || type === name ? "" : `\n${cut(type, width)}`;
    const data = { id, kind, name, about, unknown, shown: cut(name, width) + beside };
    return { group: "nodes", pannable: true, data, position: { ...at } };
  }

  function edge([source, target, labels, setting], number, told) {
    const data = { id: `l${number}`, source, target, setting, shown: label(labels) };
    return { group: "edges", pannable: true, data, classes: told ? "told" : "" };
  }

  function neighbours(project) {
    const found = new Map(project.nodes.map(([id]) => [id, []]));
    for (const [source, target] of project.edges) {
      found.get(source).push(target);
      found.get(target).push(source);
    }
    return found;
  }

  function start(element, opened) {
    canvas = element;
    cy = cytoscape({
      container: canvas, style: style(), minZoom: 0.05, maxZoom: 3, boxSelectionEnabled: false, autoungrabify: true,
      autounselectify: true, userZoomingEnabled: false, pixelRatio: Math.min(window.devicePixelRatio || 1, 2),
      hideEdgesOnViewport: false, textureOnViewport: false, motionBlur: false,
    });
    cy.on("tap", "node", (event) => {
      const { about, id } = event.target.data();
      if (about === null || about === undefined) light([id]);
      else opened(about);
    });
    cy.on("tap", (event) => { if (event.target === cy) light([]); });
    canvas.addEventListener("wheel", wheel, { passive: false });
    canvas.addEventListener("keydown", keys);
    new ResizeObserver(() => cy.resize()).observe(canvas);
  }

  /* The wheel scrolls the graph to its end, and then the page; with Ctrl it comes closer. */
  function wheel(event) {
    if (event.ctrlKey) {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), { x: event.offsetX, y: event.offsetY });
      return;
    }
    const step = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    if (scroll(step)) event.preventDefault();
  }

  function scroll(step) {
    const { y } = cy.pan(), scale = cy.zoom();
    const lowest = Math.min(canvas.clientHeight - whole.bottom * scale, -whole.top * scale), highest = -whole.top * scale;
    const wanted = Math.max(lowest, Math.min(highest, y - step));
    if (Math.abs(wanted - y) < 0.5 || (wanted - y) * step > 0) return false;
    cy.panBy({ x: 0, y: wanted - y });
    return true;
  }

  function zoom(by, at = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 }) {
    cy.zoom({ level: cy.zoom() * by, renderedPosition: at });
  }

  const MOVES = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  function keys(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in MOVES) {
      const [x, y] = MOVES[event.key];
      cy.panBy({ x, y });
    } else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /* Another project, of which these functions are shown. */
  function show(project, functions, options) {
    data = project;
    near = neighbours(project);
    state = chosen(functions, options);
    const shown = project.nodes.filter(([id]) => state.place.has(id)).length;
    canvas.hidden = shown === 0;
    const tall = (whole.bottom - whole.top) * scaleOf();
    canvas.style.height = `${Math.round(Math.min(Math.max(120, tall), Math.max(260, window.innerHeight * 0.55)))}px`;
    cy.resize();
    cy.batch(() => {
      cy.elements().remove();
      made = new Set();
      add();
    });
    fit();
  }

  /* What is to be seen for the first time is made: of many a project most of what settings need never is. */
  function add() {
    const nodes = data.nodes.filter(([id]) => state.place.has(id) && !made.has(id));
    const edges = state.wanted.map((wanted, number) => (wanted && !made.has(number) ? number : -1)).filter((number) => number >= 0);
    cy.add([
      ...nodes.map((one) => node(one, state.place.get(one[0]))),
      ...edges.map((number) => edge(data.edges[number], number, state.told)),
    ]);
    for (const [id] of nodes) made.add(id);
    for (const number of edges) made.add(number);
  }

  /* Which nodes and edges there are to see of these functions, and where the nodes stand. */
  function chosen(functions, { events, settings }) {
    const kept = new Set();
    const wanted = data.edges.map(([source, target, , setting]) => {
      const isEvent = source[0] === "e";
      const own = isEvent ? target : source;
      const is = functions.has(Number(own.slice(1))) && (isEvent ? events : settings || !setting);
      if (is) kept.add(source).add(target);
      return is;
    });
    for (const number of functions) kept.add(`f${number}`);
    return { wanted, place: positions(kept), told: wanted.filter(Boolean).length <= MANY_LABELS };
  }

  /* Show these functions (their numbers) with what they touch, each column closed up; only what changes is touched. */
  function filter(functions, options) {
    light([]);
    const before = state;
    state = chosen(functions, options);
    cy.batch(() => {
      for (const [id] of data.nodes) {
        const was = before.place.get(id), at = state.place.get(id);
        if (made.has(id) && (was || at)) {
          const one = cy.getElementById(id);
          if (!was || !at) one.toggleClass("hide", !at);
          if (at && (!was || was.y !== at.y)) one.position(at);
        }
      }
      state.wanted.forEach((wanted, number) => {
        if (!made.has(number) || !(wanted || before.wanted[number])) return;
        const one = cy.getElementById(`l${number}`), told = wanted && state.told;
        if (wanted !== before.wanted[number]) one.toggleClass("hide", !wanted);
        if (told !== (before.wanted[number] && before.told)) one.toggleClass("told", told);
      });
      add();
    });
    fit();
  }

  /* Where the nodes that are kept stand: a column in its order, each node as near to its neighbours as there is room. */
  function positions(kept) {
    const columns = { event: [], function: [], resource: [] };
    for (const [id, kind] of data.nodes) if (kept.has(id)) columns[kind].push(id);
    const longest = Math.max(1, ...Object.values(columns).map((one) => one.length));
    const place = new Map();
    let left = LEFT;
    if (!columns.event.length) left = COLUMN.function.x - COLUMN.function.width / 2;
    const put = (kind, ys) => columns[kind].forEach((id, number) => place.set(id, { x: COLUMN[kind].x, y: ys[number] }));
    const even = (count) => Array.from({ length: count }, (_, number) => ((number + 0.5) / count) * longest * ROW);
    put("function", even(columns.function.length));
    for (const kind of ["resource", "event"]) {
      const fallback = even(columns[kind].length);
      const wanted = columns[kind].map((id, number) => {
        const ys = near.get(id).map((one) => place.get(one)?.y).filter((y) => y !== undefined);
        return ys.length ? ys.reduce((sum, y) => sum + y, 0) / ys.length : fallback[number];
      });
      put(kind, apart(wanted, longest * ROW));
    }
    const all = place.size ? [...place.values()].map((one) => one.y) : [0];
    whole = { top: Math.min(...all) - ROW / 2 - GAP / 3, bottom: Math.max(...all) + ROW / 2 + GAP / 3, left };
    return place;
  }

  /* Heights in order, at least a row apart, as near to the wanted ones as going down and then up again comes. */
  function apart(wanted, height) {
    const ys = [...wanted];
    for (let i = 0; i < ys.length; i += 1) ys[i] = Math.max(ys[i], i ? ys[i - 1] + ROW : ROW / 2);
    for (let i = ys.length - 1; i >= 0; i -= 1) ys[i] = Math.min(ys[i], i === ys.length - 1 ? height - ROW / 2 : ys[i + 1] - ROW);
    return ys;
  }

  const widthOf = () => RIGHT - whole.left + 2 * GAP;
  const scaleOf = () => Math.max(0.62, Math.min(1.25, canvas.clientWidth / widthOf()));

  /* The whole width, from the top; so close that it can be read. */
  function fit() {
    const width = widthOf(), scale = scaleOf();
    const tall = (whole.bottom - whole.top) * scale;
    const top = tall < canvas.clientHeight ? (canvas.clientHeight - tall) / 2 : 0;
    const spare = Math.max(0, (canvas.clientWidth - width * scale) / 2);
    cy.viewport({ zoom: scale, pan: { x: (GAP - whole.left) * scale + spare, y: top - whole.top * scale } });
  }

  /* Light these nodes with their neighbours, and let the others fade; nothing lights everything. */
  function light(ids) {
    if (!ids.length && !isLit) return;
    isLit = ids.length > 0;
    cy.batch(() => {
      cy.elements(".faded, .lit").removeClass("faded lit");
      if (!state.told) cy.edges(".told").removeClass("told");
      const middle = ids.reduce((all, id) => all.union(cy.getElementById(id)), cy.collection());
      if (middle.empty()) return;
      const around = middle.connectedEdges();
      cy.elements().not(middle).not(around).not(around.connectedNodes()).addClass("faded");
      around.addClass("lit told");
      middle.addClass("lit");
    });
  }

  /* Bring a function into sight and light it. */
  function select(number) {
    if (number === null) { light([]); return; }
    const node = cy.getElementById(`f${number}`);
    light([`f${number}`]);
    if (node.empty() || node.hasClass("hide")) return;
    const y = node.renderedPosition("y"), half = (HEIGHT / 2) * cy.zoom();
    if (y < half || y > canvas.clientHeight - half) cy.panBy({ x: 0, y: canvas.clientHeight / 2 - y });
  }

  const recolour = () => cy.style(style());
  const view = () => ({ zoom: cy.zoom(), pan: cy.pan(), nodes: cy.nodes(":visible").length, edges: cy.edges(":visible").length });

  /* Where a node stands in the canvas. */
  const at = (id) => cy.getElementById(id).renderedPosition();

  return { start, show, filter, fit, zoom, light, select, recolour, view, at };
})();
