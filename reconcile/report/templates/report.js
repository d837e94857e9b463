"use strict";
// Shows the rows that the page's HTML does not: it searches and filters all rows of the data block, and lays them out a
// page at a time by filling copies of the row patterns. Text is only ever set as text.

const PRINTED_ROWS = 2000; // of a section on paper; a report of more is read in the workbook

const data = JSON.parse(document.getElementById("data").textContent);

/** Places of the rows that belong to each line. */
function byLine(columns) {
  const places = new Map();
  columns.line.forEach((line, place) => {
    if (places.has(line)) places.get(line).push(place);
    else places.set(line, [place]);
  });
  return places;
}

const nested = { allocations: byLine(data.allocations), candidates: byLine(data.candidates) };

/** An amount with commas between its thousands; the digits stay as they are. */
function grouped(amount) {
  const [whole, ...fraction] = amount.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}

const written = {
  amount: grouped,
  label: (outcome) => data.labels[outcome],
};

/** A copy of a pattern, filled with the row at a place of a frame. */
function filled(pattern, columns, place) {
  const row = document.getElementById(pattern).content.firstElementChild.cloneNode(true);
  for (const slot of row.querySelectorAll("[data-slot]")) {
    const value = String(columns[slot.dataset.slot][place]);
    slot.textContent = slot.dataset.as ? written[slot.dataset.as](value) : value;
  }
  if (pattern === "line") fillLine(row, place);
  return row;
}

function fillLine(row, line) {
  row.dataset.lineId = data.lines.line_id[line];
  row.dataset.outcome = data.lines.outcome[line];
  for (const [name, places] of Object.entries(nested)) {
    const own = places.get(line) ?? [];
    row.querySelector(`[data-rows=${name}]`).replaceChildren(...own.map((place) => filled(name, data[name], place)));
    const count = row.querySelector(`[data-count=${name}]`);
    if (count) {
      count.textContent = own.length;
      count.closest("details").hidden = own.length === 0;
    }
  }
}

/** What a search looks through, made when the first search begins: one text a row. */
const searchable = {
  line: lazily(() => data.lines.line_id.map((_, line) => {
    const lines = data.lines;
    const texts = [
      lines.counterparty_name, lines.remittance_text, lines.payment_reference, lines.amount, lines.currency,
      lines.booked_date, lines.customer_id, lines.customer_name, lines.account_id, lines.source_file, lines.explanation,
    ].map((column) => column[line]);
    const own = nested.allocations.get(line) ?? [];
    const invoices = own.flatMap((place) => [data.allocations.invoice_number[place], data.allocations.customer_name[place]]);
    return [...texts, ...invoices].join("\n").toLowerCase();
  })),
  item: lazily(() => data.open_items.invoice_number.map((number, place) => {
    const items = data.open_items;
    return [
      number, items.customer_id[place], items.customer_name[place], items.open_amount[place], items.total[place],
      items.currency[place], items.due_date[place],
    ].join("\n").toLowerCase();
  })),
};

function lazily(make) {
  let made = null;
  return () => (made ??= make());
}

/** Every word must be found; an amount may be typed with the commas that the page shows. */
function wordsOf(query) {
  return query.toLowerCase().split(/\s+/).filter(Boolean)
    .map((word) => (/^-?[\d,]+(\.\d+)?$/.test(word) ? word.replaceAll(",", "") : word));
}

/** A section's rows: which of them are found, and which page of those is shown. */
class Section {
  constructor(element, columns, places) {
    this.element = element;
    this.body = element.querySelector("tbody[data-pattern]");
    this.pattern = this.body.dataset.pattern;
    this.columns = columns;
    this.places = places;
    this.found = places;
    this.from = 0;
    this.more = element.querySelector(".more");
    this.layOutPager();
  }

  find(words, outcome) {
    const texts = words.length ? searchable[this.pattern]() : null;
    const fits = (place) =>
      (!texts || words.every((word) => texts[place].includes(word))) &&
      (!outcome || this.pattern !== "line" || this.columns.outcome[place] === outcome);
    this.found = texts || outcome ? this.places.filter(fits) : this.places;
    this.from = 0;
    this.layOut();
    for (const count of document.querySelectorAll(`[data-count-of="${this.element.id}"]`)) {
      const { length } = this.found;
      count.textContent = length === this.places.length ? length : `${length} of ${this.places.length}`;
    }
  }

  layOut(rows = data.rows_shown) {
    const shown = this.found.slice(this.from, this.from + rows);
    this.body.replaceChildren(...shown.map((place) => filled(this.pattern, this.columns, place)));
    this.layOutPager(rows);
  }

  layOutPager(rows = data.rows_shown) {
    const { length } = this.found;
    const to = Math.min(length, this.from + rows);
    const told = document.createElement("p");
    told.textContent = length ? `${this.from + 1} to ${to} of ${length}` : "No line here fits the search.";
    const turn = (label, from) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.disabled = from < 0 || from >= length;
      button.addEventListener("click", () => {
        this.from = from;
        this.layOut();
        this.element.scrollIntoView();
        this.body.closest(".scroll").focus({ preventScroll: true });
      });
      return button;
    };
    const isOnePage = length > 0 && length <= rows && this.from === 0;
    const buttons = [turn("Previous", this.from - rows), turn("Next", this.from + rows)];
    this.more.replaceChildren(...(isOnePage ? [] : length ? [told, ...buttons] : [told]));
  }
}

function sectionsOfLines() {
  const byOutcome = new Map();
  data.lines.outcome.forEach((outcome, line) => {
    if (byOutcome.has(outcome)) byOutcome.get(outcome).push(line);
    else byOutcome.set(outcome, [line]);
  });
  return Object.entries(data.sections)
    .map(([id, outcomes]) => [document.getElementById(id), outcomes.flatMap((outcome) => byOutcome.get(outcome) ?? [])])
    .filter(([, places]) => places.length > 0)
    .map(([element, places]) => new Section(element, data.lines, places));
}

const lineSections = sectionsOfLines();
const itemSections = data.open_items.invoice_number.length
  ? [new Section(document.getElementById("open-items"), data.open_items, data.open_items.invoice_number.map((_, place) => place))]
  : [];

const query = document.getElementById("query");
const outcome = document.getElementById("outcome");

function find() {
  const words = wordsOf(query.value);
  for (const section of lineSections.concat(itemSections)) section.find(words, outcome.value);
  const isAll = words.length === 0 && outcome.value === "";
  const lines = new Set(lineSections.flatMap((section) => section.found)).size;
  const items = itemSections.reduce((sum, section) => sum + section.found.length, 0);
  document.getElementById("found").textContent = isAll ? "" : words.length ? `${lines} lines, ${items} open items` : `${lines} lines`;
}

let waiting = 0;
query.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, 150);
});
outcome.addEventListener("change", find);
document.querySelector(".search").hidden = false;

// On paper: all of review and exceptions, with what was considered.
const onPaper = lineSections.filter((section) => ["review", "exceptions"].includes(section.element.id));
addEventListener("beforeprint", () => {
  for (const section of onPaper) {
    section.from = 0;
    section.layOut(PRINTED_ROWS);
    for (const details of section.body.querySelectorAll("details")) details.open = true;
  }
});
addEventListener("afterprint", () => onPaper.forEach((section) => section.layOut()));
