"use strict";
(async () => {
  const bench = document.getElementById("bench");
  const data = JSON.parse(document.getElementById("worksheet").textContent);
  const packed = Uint8Array.from(atob(document.getElementById("numbers").textContent.trim()), (letter) => letter.charCodeAt(0));
  if (typeof DecompressionStream === "undefined") return; // an old browser: the tables below stay
  const unpacked = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
  const { quantities, value, explain, flat, size, goesInto } = Cells(data, unpacked);
  const stops = data.stops;
  const PHASES = ["forward", "loss", "backward", "update"];
  const MOST_CELLS = 4096, MOST_COLUMNS = 64, ACROSS = 16, WITH_FIGURES = 80, SHOWN_TERMS = 8;

  const short = (number) => {
    if (number === undefined || Number.isNaN(number)) return "not on this page";
    if (!Number.isFinite(number)) return String(number);
    if (number === 0) return "0";
    const size = Math.abs(number);
    let text = size >= 1e-4 && size < 1e6
      ? number.toFixed(Math.max(0, 3 - Math.floor(Math.log10(size))))
      : number.toExponential(3);
    if (text.includes(".")) text = text.replace(/0+(?=e|$)/, "").replace(/\.(?=e|$)/, "");
    return text.replace(/-/g, "\u2212").replace("e+", "e");
  };
  const exact = (number) => String(number).replace(/-/g, "\u2212");
  const named = (symbol, index) => (index.length ? `${symbol}[${index.join(", ")}]` : symbol);
  const labelOf = (one, index) => (one.id === "input.x" && data.labels.length ? ` ${data.labels[index[0]]}` : "");
  const layerOf = (one) => one.id.slice(0, one.id.lastIndexOf("."));
  const nameOf = (one) => one.id.slice(one.id.lastIndexOf(".") + 1);
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, text] of Object.entries(attributes)) {
      if (name === "class") element.className = text;
      else if (name === "on") element.addEventListener("click", text);
      else element.setAttribute(name, text);
    }
    element.append(...children);
    return element;
  };
  const unseen = (text) => make("span", { class: "unseen" }, String(text));
  const direction = (slope) => (slope === 0 ? "moving it a little changes nothing" :
    slope > 0 ? "raising it a little raises the loss" : "raising it a little lowers the loss");

  // What is looked at: a stop, a quantity, a cell; `open` says which plane of an array with more axes is shown.
  const state = { stop: 0, of: stops[0].main, index: [], asks: false, revealed: "" };
  const views = new Map();

  // Largest number of a quantity: where one looks first.
  const largest = (one) => {
    let best = one.shape.map(() => 0), most = -1;
    const count = size(one);
    if (count > 200000) return best;
    for (let place = 0; place < count; place++) {
      const index = Cells_unflat(one.shape, place);
      const number = Math.abs(value(one, index));
      if (number > most) { most = number; best = index; }
    }
    return best;
  };
  const Cells_unflat = (shape, place) => {
    const index = new Array(shape.length);
    for (let axis = shape.length - 1; axis >= 0; axis--) { index[axis] = place % shape[axis]; place = Math.floor(place / shape[axis]); }
    return index;
  };

  // ---- the address: #phase/layer/quantity/index -------------------------------------------------------------------
  const address = () => {
    const stop = stops[state.stop], one = quantities[state.of];
    const name = layerOf(one) === stop.layer ? nameOf(one) : one.id;
    return `#${[stop.phase, stop.layer, name, state.index.join(",")].map(encodeURIComponent).join("/").replace(/%2C/g, ",")}`;
  };
  const remember = (isMove) => {
    const wanted = address();
    if (location.hash === wanted) return;
    if (isMove) history.replaceState(null, "", wanted);
    else history.pushState(null, "", wanted);
  };
  const follow = () => {
    const [phase, layer, name, index] = location.hash.slice(1).split("/").map(decodeURIComponent);
    const place = stops.findIndex((stop) => stop.phase === phase && (!layer || stop.layer === layer));
    if (place < 0) return false;
    state.stop = place;
    const wanted = name && (name.includes(".") ? name : `${layer}.${name}`);
    const shown = stops[place].shown.map(([of]) => of);
    const of = quantities.findIndex((one) => one.id === wanted);
    state.of = shown.includes(of) ? of : stops[place].main;
    const one = quantities[state.of];
    const parts = (index || "").split(",").filter(Boolean).map(Number);
    const fits = parts.length === one.shape.length && parts.every((part, axis) => Number.isInteger(part) && part >= 0 && part < one.shape[axis]);
    state.index = fits ? parts : largest(one);
    return true;
  };

  // ---- moving -----------------------------------------------------------------------------------------------------
  const go = (stop, of, index, { isMove = false, focus = "" } = {}) => {
    const changed = stop !== state.stop;
    state.stop = stop;
    state.of = of === undefined ? stops[stop].main : of;
    state.index = index || largest(quantities[state.of]);
    remember(isMove);
    draw(changed);
    if (focus === "grid") focusCell();
    if (focus === "stop") document.querySelector('.stops [aria-current="step"]').focus();
  };
  const goTo = (of, index, focus = "", isMove = false) => {
    const here = stops[state.stop].shown.some(([one]) => one === of);
    const rank = (stop) => (stop.layer === layerOf(quantities[of]) ? 0 : 1);
    const places = stops.map((stop, place) => ({ stop, place })).filter(({ stop }) => stop.shown.some(([one]) => one === of));
    places.sort((left, right) => rank(left.stop) - rank(right.stop));
    if (here || places.length) go(here ? state.stop : places[0].place, of, index, { focus, isMove });
  };
  const step = (by) => {
    const next = state.stop + by;
    if (next >= 0 && next < stops.length) go(next);
  };
  const phase = (wanted) => {
    const layer = stops[state.stop].layer;
    const same = stops.findIndex((stop) => stop.phase === wanted && stop.layer === layer);
    const first = stops.findIndex((stop) => stop.phase === wanted);
    if (first >= 0) go(same >= 0 ? same : first);
  };

  // ---- drawing: bar, list, ribbon -----------------------------------------------------------------------------------
  const drawBar = () => {
    const current = stops[state.stop];
    for (const button of bench.querySelectorAll("[data-phase]")) {
      const there = stops.some((stop) => stop.phase === button.dataset.phase);
      button.setAttribute("aria-pressed", String(button.dataset.phase === current.phase));
      button.disabled = !there;
    }
    bench.querySelector(".count").textContent = `step ${state.stop + 1} of ${stops.length}`;
    bench.querySelector("[data-step='-1']").disabled = state.stop === 0;
    bench.querySelector("[data-step='1']").disabled = state.stop === stops.length - 1;
    bench.querySelector("[data-ask]").setAttribute("aria-pressed", String(state.asks));
  };
  const drawList = () => {
    const list = bench.querySelector(".stops");
    const current = stops[state.stop];
    list.setAttribute("aria-label", `Steps of the phase ${current.phase}`);
    list.replaceChildren(...stops.map((stop, place) => ({ stop, place })).filter(({ stop }) => stop.phase === current.phase).map(({ stop, place }) => {
      const main = quantities[stop.main];
      const button = make("button", { type: "button", on: () => go(place) },
        make("b", {}, stop.layer), make("small", {}, stop.layer === stop.kind ? "" : `${stop.kind} \u00b7 ${main.shape.join(" \u00d7 ") || "one number"}`));
      if (place === state.stop) button.setAttribute("aria-current", "step");
      button.tabIndex = place === state.stop ? 0 : -1;
      return make("li", {}, button);
    }));
    const active = list.querySelector("[aria-current]");
    if (active && list.scrollWidth > list.clientWidth) list.scrollLeft = active.offsetLeft - list.offsetLeft - 20;
  };
  const drawRibbon = () => {
    const current = stops[state.stop];
    const parts = stops.filter((stop) => stop.phase === "forward").flatMap((stop, place) => {
      const shape = `${stop.layer} (${quantities[stop.main].shape.join(", ")})`;
      return [place ? "\u2192" : "", stop.layer === current.layer ? make("b", {}, shape) : make("span", {}, shape)];
    });
    const input = quantities[stops[0].shown[0][0]];
    bench.querySelector(".ribbon").replaceChildren(`row (${input.shape.join(", ")})`, " \u2192", ...parts.filter(Boolean));
  };

  // ---- drawing: quantities ------------------------------------------------------------------------------------------
  const layout = (one) => {
    const rank = one.shape.length;
    if (rank === 0) return { rows: 1, columns: 1, seen: 1, turned: [] };
    if (rank === 1) {
      const across = one.shape[0] <= 5 ? one.shape[0] : one.shape[0] <= 20 ? 5 : ACROSS;
      return { rows: Math.ceil(one.shape[0] / across), columns: across, seen: MOST_CELLS / ACROSS, turned: [], isLine: true };
    }
    const seen = Math.floor(MOST_CELLS / Math.min(one.shape[1], MOST_COLUMNS));
    return { rows: one.shape[0], columns: one.shape[1], seen, turned: one.shape.slice(2).map((_, axis) => axis + 2) };
  };
  const viewOf = (of) => {
    const one = quantities[of];
    if (!views.has(of)) views.set(of, { row: 0, column: 0, turned: one.shape.slice(2).map(() => 0) });
    return views.get(of);
  };
  const indexAt = (one, shape, view, row, column) => {
    if (one.shape.length === 0) return [];
    if (shape.isLine) return row * shape.columns + column < one.shape[0] ? [row * shape.columns + column] : null;
    return [row, column, ...view.turned];
  };
  const placeOf = (shape, index) => (index.length === 0 ? [0, 0] : shape.isLine
    ? [Math.floor(index[0] / shape.columns), index[0] % shape.columns] : [index[0], index[1]]);
  const scroll = (start, place, most, all) => (all <= most ? 0 : place < start ? place : place >= start + most ? place - most + 1 : Math.min(start, all - most));

  const scale = (one, cells) => {
    const sizes = cells.map(Math.abs).filter((number) => number > 0).sort((left, right) => left - right);
    if (!sizes.length) return () => 0;
    const middle = sizes[Math.floor(sizes.length / 2)], most = Math.asinh(sizes[sizes.length - 1] / middle);
    return (number) => 0.1 + 0.9 * Math.asinh(Math.abs(number) / middle) / most;
  };

  const drawQuantity = (of, symbol, figure) => {
    const one = quantities[of], shape = layout(one), view = viewOf(of), isOpen = of === state.of;
    if (isOpen) {
      const [row, column] = placeOf(shape, state.index);
      view.row = scroll(view.row, row, shape.seen, shape.rows);
      view.column = scroll(view.column, column, MOST_COLUMNS, shape.columns);
      view.turned = state.index.slice(2);
    }
    const rows = Math.min(shape.rows, shape.seen), columns = Math.min(shape.columns, MOST_COLUMNS);
    const cells = [];
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
      const index = indexAt(one, shape, view, row + view.row, column + view.column);
      if (index) { const number = value(one, index); if (number !== undefined) cells.push(number); }
    }
    const strength = scale(one, cells);
    const hasFigures = rows * columns <= WITH_FIGURES && columns <= 10;
    const edge = hasFigures ? 26 : columns <= 16 ? 17 : columns <= 32 ? 9 : 8;
    const table = make("table", { role: "grid", "aria-label": `${symbol}, ${one.what}`, "aria-rowcount": shape.rows, "aria-colcount": shape.columns });
    table.style.setProperty("--cell", `${edge}px`);
    if (!shape.isLine && one.shape.length >= 2) {
      const every = hasFigures ? 1 : edge > 14 ? 5 : 10;
      const head = make("tr", { role: "row" }, make("th", { role: "columnheader" }, unseen("row")));
      for (let column = 0; column < columns; column++) {
        const number = column + view.column;
        head.append(make("th", { role: "columnheader" }, number % every ? unseen(number) : String(number)));
      }
      table.append(make("thead", {}, head));
    }
    const body = make("tbody");
    for (let row = 0; row < rows; row++) {
      const line = make("tr", { role: "row", "aria-rowindex": row + view.row + 1 });
      const number = shape.isLine ? (row + view.row) * shape.columns : row + view.row;
      line.append(make("th", { role: "rowheader", scope: "row" }, one.shape.length && (shape.isLine || edge > 9 || number % 5 === 0) ? String(number) : unseen(one.shape.length ? number : "value")));
      for (let column = 0; column < columns; column++) {
        const index = indexAt(one, shape, view, row + view.row, column + view.column);
        if (!index) continue;
        const cell = value(one, index);
        const td = make("td", { role: "gridcell", "aria-colindex": column + view.column + 1, tabindex: "-1" });
        td.dataset.index = index.join(",");
        const isAbsent = cell === undefined;
        td.className = isAbsent ? "absent" : cell > 0 ? "positive" : cell < 0 ? "negative" : "zero";
        if (!isAbsent && cell !== 0) td.style.setProperty("--t", strength(cell).toFixed(3));
        td.setAttribute("aria-label", `${named(symbol, index)} ${short(cell)}`);
        td.title = `${named(symbol, index)}${labelOf(one, index)} = ${isAbsent ? "not on this page" : exact(cell)}`;
        td.textContent = isAbsent ? "" : hasFigures ? short(cell) : cell < 0 && edge >= 9 ? "\u2212" : "";
        td.setAttribute("aria-selected", String(isOpen && index.join() === state.index.join()));
        line.append(td);
      }
      body.append(line);
    }
    table.append(body);
    const selected = table.querySelector('[aria-selected="true"]') || table.querySelector("td");
    if (selected) selected.tabIndex = 0;

    const turns = make("div", { class: "turns" });
    const turnTo = (index) => go(state.stop, of, index);
    shape.turned.forEach((axis, place) => {
      if (one.shape[axis] === 1) return;
      const input = make("input", { type: "number", min: "0", max: String(one.shape[axis] - 1), value: String(view.turned[place]) });
      input.addEventListener("change", () => {
        const index = (isOpen ? state.index : largestIn(one, view)).slice();
        index[axis] = Math.max(0, Math.min(one.shape[axis] - 1, Math.round(Number(input.value)) || 0));
        turnTo(index);
      });
      const word = one.shape.length === 3 ? "channel" : place === shape.turned.length - 1 ? "filter" : "channel";
      turns.append(make("label", {}, `${word} `, input, ` of ${one.shape[axis]}`));
    });
    if (shape.rows > shape.seen || shape.columns > MOST_COLUMNS) {
      turns.append(`rows ${view.row} to ${view.row + rows - 1} of ${shape.rows}, columns ${view.column} to ${view.column + columns - 1} of ${shape.columns}`);
      const turn = (label, byRow, byColumn) => make("button", { type: "button", "aria-label": `${label} of ${symbol}`, on: () => {
        view.row = Math.max(0, Math.min(shape.rows - rows, view.row + byRow * rows));
        view.column = Math.max(0, Math.min(shape.columns - columns, view.column + byColumn * columns));
        turnTo(indexAt(one, shape, view, view.row, view.column));
      } }, { "rows before": "\u25b2", "rows after": "\u25bc", "columns before": "\u25c0", "columns after": "\u25b6" }[label]);
      if (shape.rows > shape.seen) turns.append(turn("rows before", -1, 0), turn("rows after", 1, 0));
      if (shape.columns > MOST_COLUMNS) turns.append(turn("columns before", 0, -1), turn("columns after", 0, 1));
    }
    const stop = stops[state.stop], other = layerOf(one);
    const what = other === stop.layer || other === "input" ? one.what : `${stop.phase === "backward" && symbol === "g" ? "what arrives from" : "comes from"} ${other === "loss" ? "the loss" : other} (${one.symbol})`;
    const told = what + (one.part ? `; this page keeps ${one.part[1].length} of ${one.shape[one.part[0]]}` : "");
    figure.className = `quantity${size(one) > 200 && !shape.isLine ? " large" : ""}`;
    figure.replaceChildren(
      make("figcaption", {}, make("b", {}, symbol), make("span", { class: "of" }, one.shape.join(" \u00d7 ") || "one number"), make("span", { class: "told" }, told)),
      ...(turns.childNodes.length ? [turns] : []),
      make("div", { class: `grid${hasFigures ? " figures-in" : ""}` }, table));
  };
  const largestIn = (one, view) => [0, 0, ...view.turned];

  const drawStop = (isNew) => {
    const stop = stops[state.stop], place = bench.querySelector(".stop");
    const words = { forward: "forward", loss: "the loss", backward: "backward", update: "update" }[stop.phase];
    place.querySelector("h2").textContent = stop.phase === "loss" ? `${stop.kind}: how wrong` : `${stop.layer}: ${words}`;
    place.querySelector(".does").textContent = stop.formula;
    const tabs = place.querySelector(".tabs");
    tabs.replaceChildren(...stop.shown.map(([of, symbol]) => make("button", { type: "button", "aria-pressed": String(of === state.of), title: quantities[of].what, on: () => go(state.stop, of, largest(quantities[of])) }, symbol)));
    // The chosen quantity, then those that it is made of.
    const made = Object.keys(quantities[state.of].called || {}).map(Number).filter((of) => of !== state.of);
    const wanted = [state.of, ...made];
    const box = place.querySelector(".quantities");
    const drawn = new Map([...box.children].map((figure) => [Number(figure.dataset.of), figure]));
    const symbols = new Map([...Object.entries(quantities[state.of].called || {}).map(([of, symbol]) => [Number(of), symbol]), ...stop.shown]);
    const figures = wanted.map((of) => {
      const kept = isNew ? undefined : drawn.get(of), figure = kept || make("figure", { class: "quantity" });
      figure.dataset.of = of;
      if (!kept || of === state.of || figure.querySelector('[aria-selected="true"]')) drawQuantity(of, symbols.get(of), figure);
      return figure;
    });
    const before = [...box.children];
    if (before.length !== figures.length || before.some((figure, at) => figure !== figures[at])) box.replaceChildren(...figures);
  };

  // Cells that the chosen one is computed from are framed; planes of arrays with more axes turn to them.
  const drawSources = (found) => {
    const stop = stops[state.stop], box = bench.querySelector(".quantities");
    for (const one of box.querySelectorAll(".source")) one.classList.remove("source");
    const wanted = new Map();
    for (const term of found.terms.slice(0, 4000)) for (const factor of term.factors) {
      if (!wanted.has(factor.of)) wanted.set(factor.of, { first: factor.index, keys: new Set() });
      wanted.get(factor.of).keys.add(factor.index.join(","));
    }
    for (const figure of box.children) {
      const of = Number(figure.dataset.of), hit = wanted.get(of);
      if (!hit || (of === state.of && found.kind === "given")) continue;
      const one = quantities[of], view = viewOf(of), shape = layout(one);
      if (of !== state.of) {
        const [row, column] = placeOf(shape, hit.first);
        const before = JSON.stringify(view);
        view.turned = hit.first.slice(2);
        view.row = scroll(view.row, row, shape.seen, shape.rows);
        view.column = scroll(view.column, column, MOST_COLUMNS, shape.columns);
        if (JSON.stringify(view) !== before) drawQuantity(of, (stop.shown.find(([other]) => other === of) || [of, symbolOf(quantities[state.of], of)])[1], figure);
      }
      for (const td of figure.querySelectorAll("td")) if (hit.keys.has(td.dataset.index)) td.classList.add("source");
    }
  };

  // ---- drawing: the cell ----------------------------------------------------------------------------------------------
  const symbolOf = (one, of) => (one.called && one.called[of]) || quantities[of].symbol;
  const button = (symbol, of, index) => make("button", { type: "button", class: "to", on: () => goTo(of, index, "panel") }, named(symbol, index) + labelOf(quantities[of], index));
  const asNumbers = (term, isFirst = true) => [...term.numbers, ...term.factors.map((factor) => factor.value)]
    .map((number, place) => (number < 0 && (place || !isFirst) ? `(${short(number)})` : short(number))).join(" \u00b7 ");

  const asLine = (one, found, left) => {
    if (found.kind === "given") return `${left} is given`;
    if (found.kind === "function") return `${left} = ${one.formula.function.replace("slope_of_", "slope of ").replace(/_/g, " ")} at ${asNumbers(found.terms[0])} = ${short(found.value)}`;
    if (found.kind === "max") return `${left} = the largest of ${found.terms.length} = ${short(found.value)}`;
    const [first] = found.terms;
    if (found.terms.length === 1 && first.factors.length === 1 && !first.numbers.length) return `${left} = ${first.sign < 0 ? "\u2212" : ""}${named(symbolOf(one, first.factors[0].of), first.factors[0].index)} = ${short(found.value)}`;
    let text = "";
    for (const term of found.terms.slice(0, 3)) text += (text ? (term.sign > 0 ? " + " : " \u2212 ") : term.sign > 0 ? "" : "\u2212") + asNumbers(term, !text && term.sign > 0);
    if (found.terms.length > 3) text += ` + ${found.terms.length - 3} more`;
    return `${left} = ${text || "no term"} = ${short(found.value)}`;
  };

  const plot = (name, z, a) => {
    const curve = data.curves[name];
    if (!curve || z === undefined) return null;
    const reach = 6, low = Math.min(0, ...curve), high = Math.max(1, ...curve.filter((number) => number < 7));
    const x = (number) => 10 + 240 * (Math.max(-reach, Math.min(reach, number)) + reach) / (2 * reach);
    const y = (number) => 112 - 100 * (Math.max(low, Math.min(high, number)) - low) / (high - low);
    const draw = (tag, attributes, text = "") => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [key, one] of Object.entries(attributes)) element.setAttribute(key, one);
      element.textContent = text;
      return element;
    };
    const picture = draw("svg", { viewBox: "0 0 260 128", role: "img", "aria-label": `The function at ${short(z)} gives ${short(a)}` });
    const points = curve.map((number, place) => `${x(-reach + 2 * reach * place / (curve.length - 1)).toFixed(1)},${y(number).toFixed(1)}`).join(" ");
    picture.append(
      draw("line", { x1: 10, x2: 250, y1: y(0), y2: y(0), stroke: "var(--grey)", "stroke-width": 1 }),
      draw("line", { x1: x(0), x2: x(0), y1: 8, y2: 114, stroke: "var(--grey)", "stroke-width": 1 }),
      draw("polyline", { points, fill: "none", stroke: "var(--network)", "stroke-width": 2 }),
      draw("circle", { cx: x(z), cy: y(a), r: 5, fill: "var(--rival)", stroke: "var(--paper)", "stroke-width": 1.5 }),
      draw("text", { x: 10, y: 126 }, "\u22126"), draw("text", { x: 250, y: 126, "text-anchor": "end" }, "6"),
      draw("text", { x: x(0) + 4, y: 14 }, short(high)));
    return picture;
  };

  const termTable = (one, found) => {
    const isSum = found.kind === "sum";
    const rows = found.terms.slice(0, SHOWN_TERMS).map((term, place) => make("tr", { class: found.kind === "max" && !place ? "won" : "" },
      make("th", { scope: "row" }, term.names.map((name) => `${name} \u00b7 `).join(""), ...term.factors.flatMap((factor, at) => [at ? " \u00b7 " : "", button(symbolOf(one, factor.of), factor.of, factor.index)]),
        make("small", {}, isSum && term.factors.length + term.numbers.length > 1 ? `${term.sign < 0 ? "\u2212 " : ""}${asNumbers(term, term.sign > 0)}` : found.kind === "max" && !place ? "the largest" : "")),
      make("td", {}, short(term.value))));
    const rest = found.terms.slice(SHOWN_TERMS);
    if (rest.length) {
      const together = rest.reduce((sum, term) => sum + term.value, 0);
      rows.push(make("tr", {}, make("th", { scope: "row" }, `the other ${rest.length.toLocaleString("en")} ${isSum ? "together" : "are smaller"}`), make("td", {}, isSum ? short(together) : "")));
    }
    if (isSum && found.terms.length !== 1) {
      rows.push(make("tr", { class: "total" }, make("th", { scope: "row" }, "sum ", make("small", {}, `rounding ${short(found.total - found.value)}`)), make("td", {}, short(found.total))));
    }
    const head = make("tr", {}, make("th", { scope: "col" }, "comes from"), make("th", { scope: "col" }, isSum ? "term" : "value"));
    return make("table", { "aria-label": "Where the number comes from" }, make("thead", {}, head), make("tbody", {}, ...rows));
  };

  const drawCell = () => {
    const stop = stops[state.stop], one = quantities[state.of], found = explain(one, state.index);
    const symbol = (stop.shown.find(([of]) => of === state.of) || [0, one.symbol])[1], left = named(symbol, state.index);
    const panel = bench.querySelector(".cell"), parts = [make("h3", {}, `${stop.layer} \u00b7 ${left}${labelOf(one, state.index)}`), make("p", { class: "quiet" }, layerOf(one) === stop.layer || layerOf(one) === "input" ? one.what : `${layerOf(one) === "loss" ? "the loss" : layerOf(one)}: ${one.what}`)];
    const key = `${state.of}/${state.index.join(",")}`;
    const isCovered = state.asks && found.kind !== "given" && state.revealed !== key;
    if (one.text) parts.push(make("p", { class: "line" }, one.text));
    if (isCovered) parts.push(...asking(found.value, key));
    else {
      parts.push(make("p", { class: "value", title: found.value === undefined ? "" : exact(found.value) }, found.value === undefined ? "not on this page" : short(found.value)));
      if (found.isKept || found.kind === "given") parts.push(make("p", { class: "line" }, asLine(one, found, left)));
    }
    if (found.terms.length && !isCovered) {
      if (found.isKept) parts.push(termTable(one, found));
      else parts.push(make("p", {}, "Its terms need weights that this page does not keep; make it again with --full, or ask on the command line with --cell."));
    } else if (found.kind === "sum" && !found.terms.length) parts.push(make("p", {}, "No term reaches this cell."));
    if (found.kind === "function" && found.terms.length && !isCovered) { const picture = plot(one.formula.function, found.terms[0].value, found.value); if (picture) parts.push(picture); }
    if (one.code) parts.push(make("p", { class: "quiet" }, "In Python: ", make("code", {}, one.code.replace(/\{(\d+)\}/g, (_, axis) => state.index[axis]))));
    if (one.slope !== undefined && !isCovered) {
      const slope = value(quantities[one.slope], state.index);
      if (slope !== undefined) parts.push(make("p", {}, "Slope of the loss: ", button(short(slope), one.slope, state.index.slice()), `: ${direction(slope)}.`));
      parts[parts.length - 1].querySelector?.("button")?.replaceChildren(short(slope));
    }
    const into = goesInto[state.of].filter((of) => of !== state.of);
    if (into.length) parts.push(make("p", { class: "quiet" }, "Goes into: ", ...into.slice(0, 12).flatMap((of, place) => [place ? ", " : "", make("button", { type: "button", class: "to", on: () => goTo(of, undefined, "panel") }, layerOf(quantities[of]) === layerOf(one) ? quantities[of].symbol : `${layerOf(quantities[of])} ${quantities[of].symbol}`)])));
    if (found.value !== undefined && !isCovered) parts.push(make("p", { class: "quiet" }, `All digits: ${exact(found.value)}`));
    panel.replaceChildren(...parts);
    const slope = one.slope === undefined ? undefined : value(quantities[one.slope], state.index);
    bench.querySelector(".said").textContent = isCovered ? `${left} is covered` : `${left}, ${short(found.value)}${slope === undefined ? "" : `, ${direction(slope)}`}`;
    return found;
  };

  const score = { right: 0, asked: 0 };
  const asking = (truth, key) => {
    const input = make("input", { type: "text", inputmode: "decimal", "aria-label": "Your guess: a number, or + or \u2212 for its sign" });
    const told = make("p", { class: "quiet", role: "status" }, "Work it out: a number within 5 %, or + or \u2212 for its sign alone.");
    const reveal = () => {
      const text = input.value.trim().replace("\u2212", "-").replace(",", ".");
      const bySign = text === "+" || text === "-";
      const guess = bySign ? (text === "+" ? 1 : -1) : Number(text);
      const isRight = text !== "" && (bySign ? Math.sign(truth) === guess : Math.abs(guess - truth) <= 0.05 * Math.abs(truth) + 1e-12);
      score.asked += 1;
      score.right += isRight ? 1 : 0;
      state.revealed = key;
      draw(false);
      bench.querySelector(".cell").prepend(make("p", { role: "status" }, make("b", {}, isRight ? "Right. " : `It is ${short(truth)}. `), `${score.right} of ${score.asked} right.`));
    };
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); reveal(); } });
    return [make("div", { class: "asking" }, input, make("button", { type: "button", on: reveal }, "Show")), told];
  };

  const draw = (isNew) => {
    drawBar();
    drawList();
    drawStop(isNew);
    drawSources(drawCell());
    drawRibbon();
  };

  // ---- mouse and keys -----------------------------------------------------------------------------------------------
  const focusCell = () => {
    const figure = bench.querySelector(`.quantity[data-of="${state.of}"]`);
    const td = figure && figure.querySelector('td[aria-selected="true"]');
    if (td) td.focus();
  };
  const choose = (td, isMove, focus) => goTo(Number(td.closest(".quantity").dataset.of), td.dataset.index === "" ? [] : td.dataset.index.split(",").map(Number), focus, isMove);
  bench.addEventListener("click", (event) => {
    const td = event.target.closest(".grid td");
    if (td) choose(td, false, "grid");
  });
  for (const one of bench.querySelectorAll("[data-phase]")) one.addEventListener("click", () => phase(one.dataset.phase));
  for (const one of bench.querySelectorAll("[data-step]")) one.addEventListener("click", () => step(Number(one.dataset.step)));
  bench.querySelector("[data-ask]").addEventListener("click", () => { state.asks = !state.asks; state.revealed = ""; draw(false); });
  const help = document.getElementById("help"), letters = document.getElementById("letters");
  bench.querySelector("[data-help]").addEventListener("click", () => help.showModal());

  const moveInGrid = (event, td) => {
    const of = Number(td.closest(".quantity").dataset.of), one = quantities[of], shape = layout(one);
    const index = td.dataset.index === "" ? [] : td.dataset.index.split(",").map(Number);
    let [row, column] = placeOf(shape, index);
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };
    if (moves[event.key]) { row += moves[event.key][0]; column += moves[event.key][1]; }
    else if (event.key === "Home") column = 0;
    else if (event.key === "End") column = shape.columns - 1;
    else return false;
    if (shape.isLine && column < 0 && row > 0) { row -= 1; column = shape.columns - 1; }
    if (shape.isLine && column >= shape.columns && row < shape.rows - 1) { row += 1; column = 0; }
    row = Math.max(0, Math.min(shape.rows - 1, row));
    column = Math.max(0, Math.min(shape.columns - 1, column));
    const view = { turned: index.slice(2) };
    const wanted = indexAt(one, shape, view, row, column) || [one.shape[0] - 1];
    goTo(of, wanted, "grid", true);
    return true;
  };
  const moveInList = (event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return false;
    const next = state.stop + by;
    if (stops[next] && stops[next].phase === stops[state.stop].phase) go(next, undefined, undefined, { focus: "stop" });
    return true;
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const target = event.target, inText = target.matches && target.matches("input, textarea, select");
    if (inText) return;
    const td = target.closest && target.closest(".grid td"), inList = target.closest && target.closest(".stops"), inPanel = target.closest && target.closest(".cell");
    let done = false;
    if (td && event.key === "Enter") { choose(td, false); bench.querySelector(".cell").focus(); done = true; }
    else if (td && event.key === "Escape") { bench.querySelector('.stops [aria-current="step"]').focus(); done = true; }
    else if (inPanel && event.key === "Escape") { focusCell(); done = true; }
    else if (inList && event.key === "Enter") { focusCell(); done = true; }
    else if (td) done = moveInGrid(event, td);
    else if (inList) done = moveInList(event);
    if (!done && letters.checked && bench.contains(target) | target === document.body) {
      const known = { n: () => step(1), p: () => step(-1), "?": () => help.showModal(), 1: () => phase("forward"), 2: () => phase("loss"), 3: () => phase("backward"), 4: () => phase("update") };
      if (known[event.key]) { known[event.key](); done = true; }
    }
    if (done) event.preventDefault();
  });
  addEventListener("popstate", () => { if (follow()) draw(true); });

  bench.hidden = false;
  document.documentElement.classList.add("live");
  if (!follow()) state.index = largest(quantities[state.of]);
  draw(true);
  bench.dataset.ready = "true";
})();
