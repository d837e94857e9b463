"use strict";
// What is known of a line that waits, as one value: the line, its proposal, the alternatives, and what a first person said.

const DAY = 86_400_000;

/** Whole days from one date to another, both `2026-10-31`. */
function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

function caseOf(line) {
  const row = data.row("lines", line);
  const decimals = data.decimalsOf(row.currency);
  const proposed = data.places("allocations", line).map((place) => data.row("allocations", place))
    .map((allocation) => itemOf(allocation.invoice_id, allocation.invoice_number, {
      cash: mils(allocation.amount), besides: allocation.besides, due: allocation.due_date,
      customerName: allocation.customer_name, customerId: allocation.customer_id, probability: allocation.probability,
    }));
  const ids = proposed.map((item) => item.id).sort().join("|");
  const considered = data.places("candidates", line).map((place) => data.row("candidates", place))
    .map((candidate) => ({ ...candidate, ids: candidate.invoice_ids.split("|").filter(Boolean) }));
  const best = considered.find((candidate) => [...candidate.ids].sort().join("|") === ids);
  return {
    line, row, decimals, lineId: row.line_id, amount: mils(row.amount), age: daysBetween(row.booked_date, data.run.as_of),
    proposed, best, alternatives: considered.filter((candidate) => candidate !== best), waiting: waitingReview(line),
    money: (value) => grouped(written(value, decimals)),
  };
}

/** An open item by its id, with what a row that names it knows besides; what it owes is null where it is not open any more. */
function itemOf(id, number, known = {}) {
  const place = data.itemOfId.get(id);
  if (place === undefined) return { id, number, open: null, due: "", customerName: "", customerId: "", isCredit: false, ...known };
  const items = data.open_items;
  return {
    id, number: items.invoice_number[place], open: mils(items.open_amount[place]), due: items.due_date[place],
    customerName: data.customerName(items.customer[place]), customerId: data.customerId(items.customer[place]),
    currency: items.currency[place], isCredit: items.kind[place] === "credit note", ...known,
  };
}

function waitingReview(line) {
  const rows = data.places("waiting_reviews", line).map((place) => data.row("waiting_reviews", place));
  if (!rows.length) return null;
  const { action, who, decided_at: at, reason, customer_id: customerId } = rows[0];
  const invoices = rows.filter((row) => row.invoice_id)
    .map((row) => ({ invoice_id: row.invoice_id, number: row.invoice_number, amount: row.amount }));
  return { action, who, at, reason, customerId, invoices };
}

/** Share a line's money among items: credit notes give all they have, then invoices in turn get what they owe. */
function spread(amount, items) {
  let left = items.filter((item) => item.isCredit).reduce((sum, item) => sum + (item.open ?? 0n), amount);
  return items.map((item) => {
    if (item.isCredit) return { ...item, cash: -(item.open ?? 0n) };
    const cash = left < (item.open ?? 0n) ? left : item.open ?? 0n;
    left -= cash;
    return { ...item, cash };
  });
}

/** What speaks for a proposal, field by field: the words of the evidence, and how far it goes. */
function evidenceOf(candidate) {
  const found = /^(?:[^:]*: )?(.*), (the payer.*?), (the amount .*)$/.exec(candidate?.why_not ?? "");
  if (!found) return null;
  const [, reference, payer, amount] = found;
  const level = (text, none, against, whole) =>
    (none.test(text) ? "nothing" : against.test(text) ? "contradicts" : whole.test(text) ? "agrees" : "in part");
  return {
    reference: [level(reference, /^the text names no invoice/, /^the text names another/, /^the text (names (?!some of)|carries the creditor|carries the digits of)|^a remittance/), reference],
    payer: [level(payer, /is not known$/, /is another customer's$/, /is the customer's$/), payer],
    amount: [level(amount, /^$/, /^$/, /to the cent$/), amount],
  };
}
