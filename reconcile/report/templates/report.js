"use strict";
// Shows the rows that the page's HTML does not: it searches and filters all rows of the data, and lays them out a page at
// a time by filling copies of the row patterns. Text is only ever set as text.

const PRINTED_ROWS = 2000; // of a section on paper; a report of more is read in the workbook
const INDEXED_AT_ONCE = 4000; // rows between two looks at whether the browser has something better to do

let data; // set once, when the page's data is unpacked

const slots = {
  amount: (row, name) => (row[name] ? grouped(row[name]) : ""),
  label: (row, name) => data.labels[row[name]],
};

/** A copy of a pattern, filled with a row. */
function filled(pattern, row) {
  const copy = document.getElementById(pattern).content.firstElementChild.cloneNode(true);
  for (const slot of copy.querySelectorAll("[data-slot]")) {
    const name = slot.dataset.slot;
    slot.textContent = slot.dataset.as ? slots[slot.dataset.as](row, name) : row[name];
  }
  return copy;
}

function filledLine(line) {
  const row = data.row("lines", line);
  const copy = filled("line", row);
  copy.dataset.lineId = row.line_id;
  copy.dataset.outcome = row.outcome;
  for (const name of ["allocations", "candidates"]) {
    const own = data.places(name, line).map((place) => filled(name, data.row(name, place)));
    copy.querySelector(`[data-rows=${name}]`).replaceChildren(...own);
    const count = copy.querySelector(`[data-count=${name}]`);
    if (count) {
      count.textContent = own.length;
      count.closest("details").hidden = own.length === 0;
    }
  }
  return copy;
}

const laidOut = { line: filledLine, item: (place) => filled("item", data.row("open_items", place)) };

/** What a search looks through: one text a row, made bit by bit while the browser is idle, or at once when it is asked for. */
class Index {
  constructor(length, textOf) {
    this.length = length;
    this.textOf = textOf;
    this.texts = [];
  }

  fill(rows) {
    const to = Math.min(this.length, this.texts.length + rows);
    for (let row = this.texts.length; row < to; row += 1) this.texts.push(this.textOf(row).toLowerCase());
    return to === this.length;
  }

  /** Which rows hold every word: 1 or 0 a row. */
  hits(words) {
    this.fill(Infinity);
    const hits = new Uint8Array(this.length);
    for (let row = 0; row < this.length; row += 1) {
      const text = this.texts[row];
      hits[row] = words.every((word) => text.includes(word)) ? 1 : 0;
    }
    return hits;
  }
}

function searchedLine(line) {
  const { lines, allocations } = data;
  const texts = data.texts(line);
  const numbers = data.places("allocations", line).map((place) => allocations.invoice_number[place]);
  return [
    texts.counterparty_name, texts.remittance_text, texts.explanation, lines.payment_reference[line], lines.amount[line],
    lines.currency[line], lines.booked_date[line], data.customerId(lines.customer[line]), data.customerName(lines.customer[line]),
    lines.account_id[line], lines.source_file[line], ...numbers,
  ].join("\n");
}

function searchedItem(place) {
  const items = data.open_items;
  return [
    items.invoice_number[place], data.customerId(items.customer[place]), data.customerName(items.customer[place]),
    items.open_amount[place], items.total[place], items.currency[place], items.due_date[place],
  ].join("\n");
}

/** Every word must be found; an amount may be typed with the commas that the page shows. */
function wordsOf(query) {
  return query.toLowerCase().split(/\s+/).filter(Boolean)
    .map((word) => (/^-?[\d,]+(\.\d+)?$/.test(word) ? word.replaceAll(",", "") : word));
}

/** A section's rows: which of them are found, and which page of those is shown. Laid out when it comes into sight. */
class Section {
  constructor(element, places, isOnPaperOnly = false) {
    this.element = element;
    this.body = element.querySelector("tbody[data-pattern]");
    this.pattern = this.body.dataset.pattern;
    this.places = places;
    this.found = places;
    this.from = 0;
    this.more = element.querySelector(".more");
    this.isOnPaperOnly = isOnPaperOnly;
    this.isStale = places.length > this.body.rows.length;
    this.isInSight = false;
    if (!isOnPaperOnly) {
      new IntersectionObserver(([entry]) => this.see(entry.isIntersecting), { rootMargin: "50%" }).observe(element);
    }
    this.layOutPager();
  }

  see(isInSight) {
    this.isInSight = isInSight;
    if (isInSight && this.isStale) this.layOut();
  }

  find(hits) {
    this.found = hits ? this.places.filter((place) => hits[place]) : this.places;
    this.from = 0;
    this.isStale = true;
    this.see(this.isInSight);
    for (const count of document.querySelectorAll(`[data-count-of="${this.element.id}"]`)) {
      const { length } = this.found;
      count.textContent = length === this.places.length ? length : `${length} of ${this.places.length}`;
    }
  }

  layOut(rows = data.rows_shown) {
    const shown = this.found.slice(this.from, this.from + rows);
    this.body.replaceChildren(...shown.map(laidOut[this.pattern]));
    this.layOutPager(rows);
    this.isStale = false;
  }

  layOutPager(rows = data.rows_shown) {
    layOutPager(this.more, this.from, rows, this.found.length, (from) => {
      this.from = from;
      this.layOut();
      this.element.scrollIntoView();
      this.body.closest(".scroll").focus({ preventScroll: true });
    });
  }
}

/** Say which rows of how many are shown, with buttons to the others where there are others. */
function layOutPager(element, from, rows, length, turnTo) {
  const to = Math.min(length, from + rows);
  const told = document.createElement("p");
  told.textContent = length ? `${from + 1} to ${to} of ${length}` : "No line here fits the search.";
  const turn = (label, start) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.disabled = start < 0 || start >= length;
    button.addEventListener("click", () => turnTo(start));
    return button;
  };
  const isOnePage = length > 0 && length <= rows && from === 0;
  const buttons = [turn("Previous", from - rows), turn("Next", from + rows)];
  element.replaceChildren(...(isOnePage ? [] : length ? [told, ...buttons] : [told]));
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
    .map(([element, places]) => new Section(element, places, element.id === "review"));
}

/** Search and filter: lines by words and outcome, open items by words. Calls `changed` with the lines found; null for all. */
function startSearch(lineSections, itemSections, changed) {
  const query = document.getElementById("query");
  const outcome = document.getElementById("outcome");
  const lineIndex = new Index(data.lines.length, searchedLine);
  const itemIndex = new Index(data.open_items.length, searchedItem);

  function find() {
    const started = performance.now();
    const words = wordsOf(query.value);
    let lines = words.length ? lineIndex.hits(words) : null;
    if (outcome.value) {
      const outcomes = data.lines.outcome;
      lines = Uint8Array.from(outcomes, (each, line) => (each === outcome.value && (!lines || lines[line]) ? 1 : 0));
    }
    const items = words.length ? itemIndex.hits(words) : null;
    for (const section of lineSections) section.find(lines);
    for (const section of itemSections) section.find(items);
    changed(lines);
    const counted = [
      ...(lines ? [`${lines.reduce((sum, hit) => sum + hit, 0)} lines`] : []),
      ...(items ? [`${items.reduce((sum, hit) => sum + hit, 0)} open items`] : []),
    ];
    document.getElementById("found").textContent = counted.join(", ");
    performance.measure("search", { start: started });
  }

  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 120);
  });
  outcome.addEventListener("change", find);
  document.querySelector(".search").hidden = false;

  const idle = self.requestIdleCallback ?? ((task) => setTimeout(task, 50));
  const indexed = () => {
    if (lineIndex.fill(INDEXED_AT_ONCE) && itemIndex.fill(INDEXED_AT_ONCE)) performance.mark("indexed");
    else idle(indexed);
  };
  idle(indexed);
}

/** On paper: all of review and exceptions, with what was considered. */
function startPrinting(lineSections) {
  const onPaper = lineSections.filter((section) => ["review", "exceptions"].includes(section.element.id));
  addEventListener("beforeprint", () => {
    for (const section of onPaper) {
      section.from = 0;
      section.layOut(PRINTED_ROWS);
      for (const details of section.body.querySelectorAll("details")) details.open = true;
    }
  });
  addEventListener("afterprint", () => onPaper.forEach((section) => section.layOut()));
}

async function start() {
  data = new Data(await unpacked(document.getElementById("data").textContent));
  document.getElementById("data").remove();
  const lineSections = sectionsOfLines();
  const itemSections = data.open_items.length
    ? [new Section(document.getElementById("open-items"), data.open_items.invoice_number.map((_, place) => place))]
    : [];
  const review = lineSections.find((section) => section.isOnPaperOnly);
  const desk = review ? startDesk(review.places) : null;
  startSearch(lineSections, itemSections, (lines) => desk?.find(lines));
  startPrinting(lineSections);
  document.documentElement.dataset.state = "ready";
}
