"use strict";
// Unpacks the page's data: base 85, gzip, then columns with their repeats put back. `packing.py` says how each was packed.

const BASE_85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=/?@^_`{|}~";

const DIGIT_64 = new Uint8Array(128);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].forEach((digit, value) => {
  DIGIT_64[digit.charCodeAt(0)] = value;
});

/** The bytes behind base 85: five signs hold four bytes. */
function unsigned85(text) {
  const values = new Uint8Array(128);
  for (let place = 0; place < 85; place += 1) values[BASE_85.charCodeAt(place)] = place;
  const bytes = new DataView(new ArrayBuffer((text.length / 5) * 4));
  for (let from = 0, to = 0; from < text.length; from += 5, to += 4) {
    let word = 0;
    for (let place = from; place < from + 5; place += 1) word = word * 85 + values[text.charCodeAt(place)];
    bytes.setUint32(to, word);
  }
  return bytes.buffer;
}

/** The data as it was before packing: `text` is the length of the gzip in bytes, a blank, and its base 85. */
async function unpacked(text) {
  const [length, signs] = text.trim().split(" ");
  const gzip = new Blob([unsigned85(signs).slice(0, Number(length))]);
  return JSON.parse(await new Response(gzip.stream().pipeThrough(new DecompressionStream("gzip"))).text());
}

/** Numbers that were written to base 64 place by place: every number's last digit, every number's last but one, ... */
function numbersOf(planes) {
  const numbers = new Array(planes[0].length).fill(0);
  let worth = 1;
  for (const plane of planes) {
    for (let row = 0; row < plane.length; row += 1) {
      const digit = DIGIT_64[plane.charCodeAt(row)];
      if (digit) numbers[row] += digit * worth;
    }
    worth *= 64;
  }
  return numbers;
}

/** Numbers whose sign was folded into the last bit. */
const signed = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);

/** A whole number of hundredths as an amount: only its digits are set apart, nothing is calculated. */
function inMinor(number) {
  const digits = String(Math.abs(number)).padStart(3, "0");
  return `${number < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A column as a list, one value a row. */
function column(packed) {
  if (packed.rows !== undefined) return packed.rows.split("\n");
  if (packed.words !== undefined) {
    const words = packed.words.split("\n");
    return numbersOf(packed.places).map((place) => words[place]);
  }
  if (packed.minor) {
    const isNone = numbersOf(packed.is_none);
    return numbersOf(packed.minor).map((minor, row) => (isNone[row] ? "" : inMinor(signed(minor))));
  }
  let number = 0;
  const numbers = numbersOf(packed.steps).map((step) => (number += signed(step)));
  if (!packed.stems) return numbers;
  const stems = column(packed.stems);
  const widths = numbersOf(packed.widths);
  return numbers.map((each, row) => (widths[row] ? stems[row] + String(each).padStart(widths[row], "0") : stems[row]));
}

function frame(packed) {
  const columns = Object.entries(packed.columns).map(([name, each]) => [name, packed.length ? column(each) : []]);
  return { ...Object.fromEntries(columns), length: packed.length };
}

/** The places of the rows that belong to each line: rows stand in the order of their lines. */
function byLine(rows) {
  const places = new Map();
  rows.line.forEach((line, place) => {
    if (places.has(line)) places.get(line).push(place);
    else places.set(line, [place]);
  });
  return places;
}

/** All data of the page, and what packing left out of it. */
class Data {
  constructor(packed) {
    Object.assign(this, packed);
    for (const name of ["lines", "waiting", "allocations", "candidates", "open_items", "waiting_reviews", "customers"]) {
      this[name] = frame(packed[name]);
    }
    for (const rows of [this.lines, this.allocations, this.candidates, this.open_items]) {
      rows.customer = rows.customer.map(Number);
    }
    this.rowsOf = {
      allocations: byLine(this.allocations), candidates: byLine(this.candidates), waiting_reviews: byLine(this.waiting_reviews),
    };
    this.idOf = new Map(this.waiting.line.map((line, place) => [line, this.waiting.line_id[place]]));
    this.open_items.open_amount = this.open_items.open_amount.map((amount, place) => amount || this.open_items.total[place]);
    this.itemOfNumber = new Map(this.open_items.invoice_number.map((number, place) => [number, place]));
    this.itemOfId = new Map(this.open_items.invoice_id.map((id, place) => [id, place]));
    this.placeOfCustomer = new Map(this.customers.customer_id.map((id, place) => [id, place]));
  }

  places(name, line) {
    return this.rowsOf[name].get(line) ?? [];
  }

  customerName(place) {
    return place < 0 ? "" : this.customers.name[place];
  }

  customerId(place) {
    return place < 0 ? "" : this.customers.customer_id[place];
  }

  /** A row of a frame, with all that packing left out. */
  row(name, place) {
    const rows = this[name];
    const row = {};
    for (const key of Object.keys(rows)) if (key !== "length") row[key] = rows[key][place];
    if (name === "lines") Object.assign(row, this.texts(place), { line_id: this.idOf.get(place) ?? "" });
    if (name === "allocations") this.fillAllocation(row);
    if (name === "candidates") row.why_not = row.why_not.split("\x1c").join(row.invoice_numbers);
    row.customer_id = row.customer === undefined ? row.customer_id : this.customerId(row.customer);
    row.customer_name = row.customer === undefined ? "" : this.customerName(row.customer);
    return row;
  }

  fillAllocation(row) {
    if (row.customer < 0) row.customer = this.lines.customer[row.line];
    if (!row.amount) row.amount = this.restOf(row.line);
    if (!row.invoice_id) row.invoice_id = this.open_items.invoice_id[this.itemOfNumber.get(row.invoice_number)] ?? "";
  }

  /** What a line's other allocations leave of its amount. */
  restOf(line) {
    const others = this.places("allocations", line).map((place) => this.allocations.amount[place]).filter(Boolean);
    const currency = this.lines.currency[line];
    return written(others.reduce((left, amount) => left - mils(amount), mils(this.lines.amount[line])), this.decimalsOf(currency));
  }

  decimalsOf(currency) {
    return this.decimals[currency] ?? 2;
  }

  /** A line's texts, with the numbers and names put back that stand in them. */
  texts(line) {
    const lines = this.lines;
    const customer = this.customerName(lines.customer[line]);
    const capitals = /^[ -~]{3,}$/.test(customer) ? customer.toUpperCase() : "";
    const words = capitals.split(" ").filter((word) => word.length > 2);
    const numbers = this.places("allocations", line).map((place) => this.allocations.invoice_number[place]).filter(Boolean);
    const values = lines.explanation_values[line].split(" ");
    let payer = "";
    let next = 0;
    const meant = (sign) => {
      const code = sign.charCodeAt(0);
      if (code < 9) return words[code - 1];
      if (code < 27) return numbers[code - 14];
      return code === 27 ? values[next++] : code === 28 ? payer : capitals;
    };
    const filled = (text) => text.replace(/[\x01-\x08\x0e-\x1d]/g, meant);
    payer = filled(lines.counterparty_name[line]);
    return {
      counterparty_name: payer,
      remittance_text: filled(lines.remittance_text[line]),
      explanation: filled(lines.explanation[line]),
    };
  }
}
