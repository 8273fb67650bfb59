"use strict";
/* The graph: three columns (events, functions, resources) in the order that the data has them, drawn by cytoscape. */
/* exported Graph */
const Graph = (() => {
  const SPACE = 12, HEIGHT = 34, PORT = 8, FONT = 10.5, LINES = 3, CHARACTER = 6.6, MARGIN = 6, ARROW = 12, MANY_LABELS = 40;
  /* The middle and the width of each column: in a wide canvas, and in a narrow one (where lines have no labels). */
  const LAYOUTS = {
    wide: { event: { x: 0, width: 190 }, function: { x: 420, width: 230 }, resource: { x: 930, width: 250 }, gap: 30 },
    narrow: { event: { x: 0, width: 92 }, function: { x: 134, width: 112 }, resource: { x: 290, width: 116 }, gap: 8 },
  };
  const NARROW = 600, NAMES = "system-ui, sans-serif", ACTIONS = "ui-monospace, monospace";
  let cy = null, canvas = null, data = null, near = null, state = null, lit = [], made = new Set(), pencil = null;
  let layout = LAYOUTS.wide, said = () => {}, whole = { top: 0, bottom: 0, left: 0 };
  const edgeOf = (kind, side) => layout[kind].x + (side * layout[kind].width) / 2;

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

  const COLOURS = [
    "ink", "back", "edge", "accent", "warning", "read", "write", "list", ...["event", "function", "resource"].flatMap((one) => [one, `${one}-back`]),
  ];

  function style() {
    const all = colours(COLOURS), colour = (name) => all[name];
    const box = (kind) => ({
      selector: `node[kind="${kind}"]`,
      style: { width: layout[kind].width, "background-color": colour(`${kind}-back`), "border-color": colour(kind), "text-max-width": layout[kind].width - 14 },
    });
    const line = (name) => ({ "line-color": colour(name), "source-arrow-color": colour(name), "target-arrow-color": colour(name) });
    return [
      {
        selector: "node",
        style: {
          shape: "round-rectangle", height: "data(height)", "border-width": 1, label: "data(shown)", color: colour("ink"),
          "font-size": 12, "font-family": NAMES, "text-valign": "center", "text-halign": "center", "text-wrap": "wrap",
          "text-justification": "center", "line-height": 1.15, "min-zoomed-font-size": 5,
        },
      },
      box("event"),
      box("function"),
      box("resource"),
      { selector: "node[?unknown]", style: { "border-style": "dashed", "border-width": 2, "border-color": colour("warning") } },
      {
        selector: 'node[kind="label"]',
        style: {
          width: "data(width)", "background-color": colour("back"), "background-opacity": 0.94, "border-width": 0, "font-size": FONT,
          "font-family": ACTIONS, "min-zoomed-font-size": 6, "text-justification": "left", events: "no", "z-index": 9,
        },
      },
      {
        selector: "edge",
        style: {
          width: 1.4, ...line("edge"), "curve-style": "straight", "source-endpoint": "data(out)", "target-endpoint": "data(into)",
          "arrow-scale": 0.75, opacity: 0.85,
        },
      },
      /* What an edge does, by its colour and by its form; of several, the colour of what may do most. */
      {
        selector: 'edge[access*="l"]',
        style: {
          ...line("list"), "mid-target-arrow-shape": "circle", "mid-target-arrow-color": colour("list"),
        },
      },
      { selector: 'edge[access="l"]', style: { "line-style": "dashed", "line-dash-pattern": [1, 6], "line-cap": "round", width: 2.6 } },
      { selector: 'edge[access*="r"]', style: { ...line("read"), "source-arrow-shape": "triangle" } },
      { selector: 'edge[access*="w"]', style: { ...line("write"), "target-arrow-shape": "triangle", width: 2.4 } },
      { selector: "edge[?setting]", style: { "line-style": "dashed", "line-dash-pattern": [8, 5], "line-cap": "butt" } },
      { selector: "node.faded", style: { opacity: 0.3 } },
      { selector: "edge.faded", style: { opacity: 0.1 } },
      { selector: "edge.lit", style: { width: 2.6, opacity: 1, "z-index": 5 } },
      { selector: "node.lit", style: { "border-width": 3, "border-color": colour("accent") } },
      { selector: ".hide", style: { display: "none" } },
    ];
  }

  const cut = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

  /* Actions of one service have its prefix once ("dynamodb:GetItem, PutItem"), in lines of so many characters. */
  function label(labels, width) {
    const by = new Map();
    for (const one of labels) {
      const [, prefix, name] = /^([\w-]+):(\S+)$/.exec(one) ?? [null, "", one];
      by.set(prefix, [...(by.get(prefix) ?? []), name]);
    }
    const words = [...by].flatMap(([prefix, names]) => names.map((name, number) => (prefix && !number ? `${prefix}:${name}` : name)));
    const lines = [""];
    for (const [number, word] of words.entries()) {
      const last = lines.at(-1), longer = last ? `${last}, ${word}` : word;
      const left = words.length - number;
      if (longer.length < width) lines[lines.length - 1] = longer;
      else if (!last) lines[lines.length - 1] = cut(word, width - 1);
      else if (lines.length < LINES) {
        lines[lines.length - 1] += ",";
        lines.push(cut(word, width - 1));
      }
      else {
        lines[lines.length - 1] = `${cut(last, width - 12)} and ${left} more`;
        break;
      }
    }
    return lines.join("\n");
  }

  /* A name as far as there is room for it. */
  function fitted(text, width) {
    pencil.font = `12px ${NAMES}`;
    const wide = pencil.measureText(text).width;
    return wide <= width ? text : cut(text, Math.max(4, Math.floor((text.length * width) / wide) - 1));
  }

  function node([id, kind, name, type, about, unknown], at) {
    const width = layout[kind].width - 16;
    const below = kind === "function" || type === name || layout === LAYOUTS.narrow ? "" : `\n${fitted(type, width)}`;
    const data = { id, kind, name, about, unknown, shown: fitted(name, width) + below, height: at.height };
    return { group: "nodes", pannable: true, data, position: { x: at.x, y: at.y } };
  }

  function edge([source, target, , setting, access], number) {
    return { group: "edges", pannable: true, data: { id: `l${number}`, number, source, target, setting, access, ...state.ports[number] } };
  }

  function neighbours(project) {
    const found = new Map(project.nodes.map(([id]) => [id, []]));
    for (const [source, target] of project.edges) {
      found.get(source).push(target);
      found.get(target).push(source);
    }
    return found;
  }

  /* `opened` is called with the number of a function that is chosen, `explain` with what uses a chosen resource. */
  function start(element, opened, explain) {
    canvas = element;
    said = explain;
    pencil = document.createElement("canvas").getContext("2d");
    layout = layoutOf();
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
    new ResizeObserver(resized).observe(canvas);
  }

  const layoutOf = () => (canvas.clientWidth < NARROW ? LAYOUTS.narrow : LAYOUTS.wide);

  function resized() {
    cy.resize();
    if (!canvas.clientWidth || layoutOf() === layout || !data) return;
    layout = layoutOf();
    cy.style(style());
    show(data, state.functions, state.options);
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
    canvas.style.height = `${Math.round(Math.min(Math.max(120, tall), Math.max(260, window.innerHeight * 0.7)))}px`;
    cy.resize();
    cy.batch(() => {
      cy.elements().remove();
      made = new Set();
      lit = [];
      add();
    });
    write();
    said(null);
    fit();
  }

  /* What is to be seen for the first time is made: of many a project most of what settings need never is. */
  function add() {
    const nodes = data.nodes.filter(([id]) => state.place.has(id) && !made.has(id));
    const edges = state.wanted.map((wanted, number) => (wanted && !made.has(number) ? number : -1)).filter((number) => number >= 0);
    cy.add([...nodes.map((one) => node(one, state.place.get(one[0]))), ...edges.map((number) => edge(data.edges[number], number))]);
    for (const [id] of nodes) made.add(id);
    for (const number of edges) made.add(number);
  }

  /* Which nodes and edges there are to see of these functions, where the nodes are, and where the edges meet them. */
  function chosen(functions, options) {
    const { events, settings } = options, kept = new Set();
    const wanted = data.edges.map(([source, target, , setting]) => {
      const isEvent = source[0] === "e";
      const own = isEvent ? target : source;
      const is = functions.has(Number(own.slice(1))) && (isEvent ? events : settings || !setting);
      if (is) kept.add(source).add(target);
      return is;
    });
    for (const number of functions) kept.add(`f${number}`);
    const sides = sidesOf(wanted);
    const place = positions(kept, sides);
    return { functions, options, wanted, place, ports: portsOf(sides, place), isLabelled: wanted.filter(Boolean).length <= MANY_LABELS };
  }

  /* The edges at the left (-1) and the right (1) side of each node. */
  function sidesOf(wanted) {
    const sides = new Map();
    const at = (id, side, number) => {
      const key = `${id} ${side}`;
      if (!sides.has(key)) sides.set(key, []);
      sides.get(key).push(number);
    };
    data.edges.forEach(([source, target], number) => {
      if (!wanted[number]) return;
      at(source, 1, number);
      at(target, -1, number);
    });
    return sides;
  }

  /* Each edge meets its nodes at a point of its own, in the order of the other ends. */
  function portsOf(sides, place) {
    const ports = data.edges.map(() => ({ out: "50% 0px", into: "-50% 0px" }));
    for (const [key, numbers] of sides) {
      const [id, side] = key.split(" "), isOut = side === "1";
      const other = (number) => place.get(data.edges[number][isOut ? 1 : 0]).y;
      const step = Math.min(PORT * 1.5, (place.get(id).height - MARGIN) / Math.max(1, numbers.length - 1));
      numbers.sort((one, two) => other(one) - other(two)).forEach((number, at) => {
        const y = Math.round((at - (numbers.length - 1) / 2) * step * 10) / 10;
        ports[number][isOut ? "out" : "into"] = `${isOut ? 50 : -50}% ${y}px`;
      });
    }
    return ports;
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
          if (at && one.data("height") !== at.height) one.data("height", at.height);
          if (at && (!was || was.y !== at.y)) one.position({ x: at.x, y: at.y });
        }
      }
      state.wanted.forEach((wanted, number) => {
        if (!made.has(number) || !(wanted || before.wanted[number])) return;
        const one = cy.getElementById(`l${number}`), { out, into } = state.ports[number];
        if (wanted !== before.wanted[number]) one.toggleClass("hide", !wanted);
        if (wanted && (one.data("out") !== out || one.data("into") !== into)) one.data({ out, into });
      });
      add();
    });
    write();
    fit();
  }

  /* Where the nodes that are kept are: a column in its order, each node as near to its neighbours as there is room. */
  function positions(kept, sides) {
    const columns = { event: [], function: [], resource: [] };
    for (const [id, kind] of data.nodes) if (kept.has(id)) columns[kind].push(id);
    const most = (id) => Math.max(sides.get(`${id} 1`)?.length ?? 0, sides.get(`${id} -1`)?.length ?? 0);
    const heights = (kind) => columns[kind].map((id) => Math.max(HEIGHT, PORT * most(id) + MARGIN));
    const longest = Math.max(HEIGHT, ...Object.keys(columns).map((kind) => heights(kind).reduce((sum, one) => sum + one + SPACE, 0)));
    const place = new Map();
    const put = (kind, ys, tall) => columns[kind].forEach((id, number) => place.set(id, { x: layout[kind].x, y: ys[number], height: tall[number] }));
    const even = (tall) => {
      const space = (longest - tall.reduce((sum, one) => sum + one, 0)) / Math.max(1, tall.length);
      let top = 0;
      return tall.map((one) => { top += one + space; return top - (one + space) / 2; });
    };
    put("function", even(heights("function")), heights("function"));
    for (const kind of ["resource", "event"]) {
      const tall = heights(kind), fallback = even(tall);
      const wanted = columns[kind].map((id, number) => {
        const ys = near.get(id).map((one) => place.get(one)?.y).filter((y) => y !== undefined);
        return ys.length ? ys.reduce((sum, y) => sum + y, 0) / ys.length : fallback[number];
      });
      put(kind, apart(wanted, tall, longest), tall);
    }
    const all = place.size ? [...place.values()] : [{ y: 0, height: 0 }];
    whole = {
      top: Math.min(...all.map(({ y, height }) => y - height / 2)) - SPACE, bottom: Math.max(...all.map(({ y, height }) => y + height / 2)) + SPACE,
      left: edgeOf(columns.event.length ? "event" : "function", -1),
    };
    return place;
  }

  /* Middles in order, apart by their heights, as near to the wanted ones as going down and then up again comes. */
  function apart(wanted, tall, height) {
    const ys = [...wanted], last = ys.length - 1;
    const between = (i) => (tall[i - 1] + tall[i]) / 2 + SPACE;
    for (let i = 0; i <= last; i += 1) ys[i] = Math.max(ys[i], i ? ys[i - 1] + between(i) : (tall[0] + SPACE) / 2);
    for (let i = last; i >= 0; i -= 1) ys[i] = Math.min(ys[i], i === last ? height - (tall[i] + SPACE) / 2 : ys[i + 1] - between(i + 1));
    return ys;
  }

  const widthOf = () => edgeOf("resource", 1) - whole.left + 2 * layout.gap;
  const scaleOf = () => Math.max(0.62, Math.min(1.25, canvas.clientWidth / widthOf()));

  /* The whole width, from the top; so close that it can be read. */
  function fit() {
    const width = widthOf(), scale = scaleOf();
    const tall = (whole.bottom - whole.top) * scale;
    const top = tall < canvas.clientHeight ? (canvas.clientHeight - tall) / 2 : 0;
    const spare = Math.max(0, (canvas.clientWidth - width * scale) / 2);
    cy.viewport({ zoom: scale, pan: { x: (layout.gap - whole.left) * scale + spare, y: top - whole.top * scale } });
  }

  /* Light these nodes with their neighbours, and let the others fade; nothing lights everything. */
  function light(ids) {
    if (!ids.length && !lit.length) return;
    lit = ids;
    cy.batch(() => {
      cy.elements(".faded, .lit").removeClass("faded lit");
      const middle = ids.reduce((all, id) => all.union(cy.getElementById(id)), cy.collection());
      if (middle.empty()) return;
      const around = middle.connectedEdges();
      cy.elements().not(middle).not(around).not(around.connectedNodes()).addClass("faded");
      around.addClass("lit");
      middle.addClass("lit");
    });
    write();
    said(ids.length === 1 && ids[0][0] !== "f" ? inWords(ids[0]) : null);
  }

  /* A resource or an event that is chosen, with its functions and what they do. */
  function inWords(id) {
    const name = new Map(data.nodes.map(([one, , shown]) => [one, shown]));
    const uses = data.edges.filter(([source, target], number) => state.wanted[number] && (source === id || target === id));
    return [name.get(id), uses.map(([source, target, labels]) => [name.get(source === id ? target : source), labels.join(", ")])];
  }

  /* The labels of what is chosen, each at the other end of its line; at rest those of a side where all have room. */
  function write() {
    cy.remove('node[kind="label"]');
    if (layout === LAYOUTS.narrow || !(lit.length || state.isLabelled)) return;
    const taken = [];
    for (const isEvent of [true, false]) {
      const side = state.wanted.map((wanted, number) => (wanted && (data.edges[number][0][0] === "e") === isEvent ? number : -1));
      const shown = side.filter((number) => number >= 0 && data.edges[number][2].length && isMeant(number));
      const found = [];
      for (const number of shown) {
        const box = candidates(number, isEvent).find((one) => ![...taken, ...found].some((other) => meet(one, other)));
        if (box) found.push(box);
        else if (!lit.length) { found.length = 0; break; }
      }
      taken.push(...found);
    }
    cy.add(taken.map(({ x, y, width, height, shown }, number) => (
      { group: "nodes", pannable: true, data: { id: `label${number}`, kind: "label", shown, width, height }, position: { x, y } })));
  }

  const isMeant = (number) => !lit.length || lit.includes(data.edges[number][0]) || lit.includes(data.edges[number][1]);
  const meet = (one, other) => Math.abs(one.x - other.x) < (one.width + other.width) / 2 && Math.abs(one.y - other.y) < (one.height + other.height) / 2;

  /* Where the label of an edge could be: at the end that is not chosen, then along the line. */
  function candidates(number, isEvent) {
    const [source, target, labels] = data.edges[number];
    const [from, to] = isEvent ? ["event", "function"] : ["function", "resource"];
    const left = edgeOf(from, 1), right = edgeOf(to, -1);
    const shown = label(labels, Math.floor((right - left - 2 * ARROW - MARGIN) / CHARACTER));
    const lines = shown.split("\n");
    pencil.font = `${FONT}px ${ACTIONS}`;
    const width = Math.max(...lines.map((line) => pencil.measureText(line).width)) + MARGIN, height = lines.length * FONT * 1.15 + 4;
    const one = state.place.get(source), two = state.place.get(target);
    const box = (x, y) => ({ x, y, width, height, shown });
    const portOf = (text) => Number(text.split(" ")[1].slice(0, -2));
    const start = one.y + portOf(state.ports[number].out), end = two.y + portOf(state.ports[number].into);
    const nearX = left + ARROW + width / 2, farX = right - ARROW - width / 2;
    const along = [0.5, 0.4, 0.6, 0.3, 0.7].map((t) => box(left + (right - left) * t, start + (end - start) * t));
    const fits = along.filter(({ x }) => x - width / 2 > left + 2 && x + width / 2 < right - 2);
    if (!lit.length) return fits;
    const ends = lit.includes(target) ? [box(nearX, start), box(nearX, one.y)] : [box(farX, end), box(farX, two.y)];
    return [...ends, ...fits];
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
  const view = () => ({ zoom: cy.zoom(), pan: cy.pan(), nodes: cy.nodes('[kind!="label"]:visible').length, edges: cy.edges(":visible").length });

  /* Where a node is in the canvas, and what it and the labels take of it. */
  const at = (id) => cy.getElementById(id).renderedPosition();
  const boxes = (kind) => cy.nodes(`[kind="${kind}"]:visible`).map((one) => (
    { ...one.renderedBoundingBox({ includeLabels: true, includeOverlays: false }), text: one.data("shown") }));

  return { start, show, filter, fit, zoom, light, select, recolour, view, at, boxes };
})();
