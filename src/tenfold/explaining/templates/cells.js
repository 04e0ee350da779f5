"use strict";
// Where a cell's number comes from: reads the formulas of the page's data as `cell.py` does.
const Cells = (data, numbers) => {
  const quantities = data.quantities;
  const size = (one) => one.shape.reduce((product, axis) => product * axis, 1);
  const strides = (shape) => shape.map((_, axis) => shape.slice(axis + 1).reduce((product, one) => product * one, 1));
  const flat = (shape, index) => strides(shape).reduce((place, stride, axis) => place + stride * index[axis], 0);
  const unflat = (shape, place) => strides(shape).map((stride, axis) => Math.floor(place / stride) % shape[axis]);

  // The arrays, cut from one block: double precision first, then single.
  let at = 0;
  for (const bytes of [8, 4]) {
    for (const one of quantities) {
      if (one.bytes !== bytes) continue;
      const shape = one.shape.map((axis, place) => (one.part && one.part[0] === place ? one.part[1].length : axis));
      const count = shape.reduce((product, axis) => product * axis, 1);
      one.values = new (bytes === 8 ? Float64Array : Float32Array)(numbers, at, count);
      one.kept = shape;
      at += count * bytes;
    }
    at = Math.ceil(at / 8) * 8;
  }

  const functions = {
    one_over_root: (v, epsilon) => 1 / Math.sqrt(v + epsilon),
    one_over_root_then: (v, epsilon) => 1 / (Math.sqrt(v) + epsilon),
  };
  const constant = (one, name) => one.numbers[name][1];

  // A cell's number; undefined where this page does not keep it.
  const value = (one, index) => {
    if (one.values) {
      if (!one.part) return one.values[flat(one.shape, index)];
      const place = one.part[1].indexOf(index[one.part[0]]);
      if (place < 0) return undefined;
      const inside = index.slice();
      inside[one.part[0]] = place;
      return one.values[flat(one.kept, inside)];
    }
    return total(one, terms(one, index));
  };

  const place = (spot, axes) => {
    if (!Array.isArray(spot)) {
      const found = source(spot, axes);
      return found === null ? null : Math.trunc(found.value);
    }
    let above = spot[0];
    for (let part = 2; part < spot.length; part++) above += spot[part][1] * axes[spot[part][0]];
    return above % spot[1] ? null : above / spot[1];
  };

  const source = (factor, axes) => {
    const one = quantities[factor.of];
    const index = [];
    for (let axis = 0; axis < factor.at.length; axis++) {
      const found = place(factor.at[axis], axes);
      if (found === null || found < 0 || found >= one.shape[axis]) return null;
      index.push(found);
    }
    return { of: factor.of, index, value: value(one, index) };
  };

  const productTerms = (one, product, index, found) => {
    const formula = one.formula;
    const axes = new Array(formula.axes.length).fill(0);
    index.forEach((where, axis) => { axes[axis] = where; });
    const constants = product.numbers.map((name) => constant(one, name));
    const count = product.summed.reduce((all, axis) => all * formula.sizes[axis], 1);
    for (let number = 0; number < count; number++) {
      let rest = number;
      for (let part = product.summed.length - 1; part >= 0; part--) {
        const axis = product.summed[part];
        axes[axis] = rest % formula.sizes[axis];
        rest = Math.floor(rest / formula.sizes[axis]);
      }
      if (!product.conditions.every(([left, right]) => {
        const here = place(left, axes);
        return here !== null && here === place(right, axes);
      })) continue;
      const factors = [];
      for (const factor of product.factors) {
        const cell = source(factor, axes);
        if (cell === null) break;
        factors.push(cell);
      }
      if (factors.length < product.factors.length) continue;
      let term = product.sign;
      for (const factor of constants) term *= factor;
      for (const factor of factors) term *= factor.value;
      found.push({ value: term, sign: product.sign, numbers: constants, names: product.numbers.map((name) => one.numbers[name][0]), factors });
    }
  };

  const terms = (one, index) => {
    const formula = one.formula;
    if (!formula) return [];
    if (formula.kind === "same") {
      const from = quantities[formula.sources[0]];
      const where = unflat(from.shape, flat(one.shape, index));
      const cell = { of: formula.sources[0], index: where, value: value(from, where) };
      return [{ value: cell.value, sign: 1, numbers: [], names: [], factors: [cell] }];
    }
    if (formula.kind === "join") {
      let last = index[index.length - 1];
      for (const of of formula.sources) {
        const width = quantities[of].shape[quantities[of].shape.length - 1];
        if (last < width) {
          const where = [...index.slice(0, -1), last];
          const cell = { of, index: where, value: value(quantities[of], where) };
          return [{ value: cell.value, sign: 1, numbers: [], names: [], factors: [cell] }];
        }
        last -= width;
      }
    }
    const found = [];
    for (const product of formula.products) productTerms(one, product, index, found);
    return found;
  };

  const total = (one, found) => {
    const formula = one.formula;
    if (formula.kind === "function") {
      const known = functions[formula.function];
      return known ? known(found[0].value, ...formula.constants.map((name) => constant(one, name))) : undefined;
    }
    if (formula.kind === "max") return Math.max(...found.map((term) => term.value));
    return found.reduce((sum, term) => sum + term.value, 0);
  };

  // Everything about one cell; the largest terms first.
  const explain = (one, index) => {
    const found = terms(one, index);
    const sum = one.formula ? total(one, found) : undefined;
    const kind = one.formula ? one.formula.kind : "given";
    if (kind === "sum" && found.length > 3) found.sort((left, right) => Math.abs(right.value) - Math.abs(left.value));
    if (kind === "max") found.sort((left, right) => right.value - left.value);
    const own = value(one, index);
    return { kind, index, terms: found, total: sum, value: own, isKept: own !== undefined && !found.some((term) => Number.isNaN(term.value) || term.value === undefined) };
  };

  const goesInto = quantities.map(() => []);
  quantities.forEach((one, place) => {
    for (const of of Object.keys(one.called || {})) goesInto[of].push(place);
  });

  return { quantities, value, explain, flat, unflat, size, goesInto };
};
