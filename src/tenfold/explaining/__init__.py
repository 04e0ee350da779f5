"""One row through a Keras model, as a page and as text: where every number comes from, cell by cell.

tenfold.scratch.trace(model, x, y, row=3)     the numbers
tenfold explain model.keras houses.csv --target price --row 3

`worksheet` lays the numbers of a trace out as quantities, each with the formula of its cells; `cell` explains any cell
of any quantity by its formula; `page` and `words` show both. A new kind of layer is a few formulas in a module here.
"""
