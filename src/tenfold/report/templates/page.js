"use strict";
(() => {
  const root = document.documentElement;

  // Three states: as the system has it, light, dark. Kept where the browser lets a file keep something.
  const themes = ["system", "light", "dark"];
  const box = document.querySelector(".themes");
  const show = (theme) => {
    if (theme === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    box.querySelector("span").textContent = theme;
  };
  let theme = "system";
  try { theme = localStorage.getItem("tenfold-theme") || "system"; } catch (error) { /* a file may keep nothing */ }
  if (!themes.includes(theme)) theme = "system";
  box.hidden = false;
  show(theme);
  box.querySelector("button").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    show(theme);
    try { localStorage.setItem("tenfold-theme", theme); } catch (error) { /* as above */ }
  });

  // Copy a command.
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }

  // What is folded and carries evidence is on paper.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.print:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });

  // Sort a table by a column: numbers by value, words by letters.
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = parseFloat(text.replace(/\u2212/g, "-").replace(/,/g, ""));
    return Number.isNaN(number) ? text : number;
  };
  const compare = (left, right) =>
    typeof left === typeof right ? (left < right ? -1 : left > right ? 1 : 0) : typeof left === "number" ? -1 : 1;
  for (const table of document.querySelectorAll("table:not(.confusion)")) {
    const body = table.tBodies[0];
    if (body.rows.length < 3) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...body.rows].sort((a, b) => compare(value(a, column), value(b, column)) * (up ? 1 : -1));
        body.append(...rows);
      });
    });
  }
})();
