"use strict";
// The forms of the desk: to whom a line's money goes instead. Each is given the line at hand and calls `decide` with the
// decision. Amounts are whole thousandths in BigInt; what does not add up cannot be decided.

const FOUND_MAX = 20;

function formOf(kind, at, decide, leave) {
  const form = { assign: assignForm, write_off: assignForm, on_account: onAccountForm, reject: rejectForm, not_receivable: reasonForm }[kind];
  return form(at, kind, decide, leave);
}

/** A form's frame: a title, its parts, a reason, what is wrong, and the buttons. `decisionOf` returns it, or throws a sentence. */
function framed(kind, title, parts, decide, leave, decisionOf) {
  const wrong = el("p.wrong", { role: "alert" });
  const reason = el("input", { name: "reason", maxlength: 500, autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    try {
      decide({ action: kind, ...decisionOf(reason.value.trim()), reason: reason.value.trim() });
    } catch (error) {
      if (!(error instanceof Unsound)) throw error;
      wrong.textContent = error.message;
    }
  };
  return el("form.act", { onsubmit: submit, "aria-label": title, novalidate: true },
    el("h4", {}, title), ...parts,
    el("label.reason", {}, "Reason ", reason), wrong,
    el("div.buttons", {}, el("button.primary", { type: "submit" }, title), " ", el("button", { type: "button", onclick: leave }, "Cancel ", el("kbd", {}, "Esc"))));
}

class Unsound extends Error {}

function reasonForm(at, kind, decide, leave) {
  return framed(kind, "Mark as not receivable", [el("p.purpose", {}, "The money is no customer's payment: a loan, a tax refund, our own transfer.")], decide, leave, (reason) => {
    if (!reason) throw new Unsound("Say why it is not receivable.");
    return {};
  });
}

function rejectForm(at, kind, decide, leave) {
  const items = new Map(at.proposed.map((item) => [item.id, item.number]));
  for (const candidate of at.alternatives) {
    for (const id of candidate.ids) if (!items.has(id)) items.set(id, itemOf(id, id).number);
  }
  const own = new Set(at.proposed.map((item) => item.id));
  const boxes = [...items].map(([id, number]) => [id, number, el("input", { type: "checkbox", checked: own.size ? own.has(id) : true })]);
  return framed(kind, "Reject", [
    el("p.purpose", {}, "These are never proposed for this line again; the next night proposes anew."),
    el("div.boxes", {}, boxes.map(([, number, box]) => el("label", {}, box, " ", number))),
  ], decide, leave, (reason) => {
    const chosen = boxes.filter(([, , box]) => box.checked).map(([id]) => ({ invoice_id: id }));
    if (!chosen.length) throw new Unsound("Choose what the line does not pay.");
    if (chosen.length === boxes.length && !reason && boxes.length > own.size) throw new Unsound("Say why nothing of what was considered fits.");
    if (!reason && boxes.length === own.size) throw new Unsound("Say why it does not fit: nothing else was considered.");
    return { invoices: chosen };
  });
}

/** A search field over some places, with what it found as buttons. */
function finder(label, textOf, length, found, fits) {
  const results = el("ul.found");
  const input = el("input", { type: "search", autocomplete: "off", spellcheck: "false", "aria-label": label, placeholder: label });
  const look = () => {
    const words = wordsOf(input.value);
    const places = [];
    for (let place = 0; words.length && place < length && places.length < FOUND_MAX; place += 1) {
      const text = textOf(place).toLowerCase();
      if (fits(place) && words.every((word) => text.includes(word))) places.push(place);
    }
    results.replaceChildren(...places.map((place) => el("li", {}, found(place, () => {
      input.value = "";
      results.replaceChildren();
      input.focus();
    }))), ...(words.length && !places.length ? [el("li.none", {}, "Nothing open fits.")] : []));
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    results.querySelector("button")?.click();
  });
  return el("div.finder-in-form", {}, input, results);
}

function onAccountForm(at, kind, decide, leave) {
  let chosen = data.placeOfCustomer.get(at.row.customer_id || at.proposed[0]?.customerId || at.best?.customer_id || "") ?? -1;
  const shown = el("p.chosen", { "aria-live": "polite" });
  const show = () => shown.replaceChildren(...(chosen < 0 ? ["No customer chosen yet."] : [el("strong", {}, data.customerName(chosen)), ` ${data.customerId(chosen)}`]));
  const choose = (place, done) => el("button", { type: "button", onclick: () => {
    chosen = place;
    done();
    show();
  } }, data.customerName(place), " ", el("span.source", {}, data.customerId(place)));
  show();
  return framed(kind, "Put on account", [
    el("p.purpose", {}, `The customer keeps ${at.money(at.amount)} ${at.row.currency} as credit.`), shown,
    finder("Find a customer", (place) => `${data.customerName(place)}\n${data.customerId(place)}`, data.customers.length, choose, () => true),
  ], decide, leave, () => {
    if (chosen < 0) throw new Unsound("Choose the customer whose credit it is.");
    return { customer_id: data.customerId(chosen) };
  });
}

/** Assign to invoices, and write off what they still owe: items with amounts that can be typed, and what is left, live. */
function assignForm(at, kind, decide, leave) {
  const items = spread(at.amount, at.proposed);
  for (const [n, item] of items.entries()) items[n] = { ...item, cash: at.proposed[n].cash };
  const rows = el("tbody");
  const sum = el("output", { "aria-live": "polite" });
  const owner = el("select", { "aria-label": "On account of" });
  const restRow = el("label.rest", { hidden: true }, "The rest goes on account of ", owner);
  const amounts = () => items.map((item) => typed(item.input.value, at.decimals));
  const show = () => {
    const read = amounts();
    const total = read.reduce((all, amount) => all + (amount ?? 0n), 0n);
    const open = items.reduce((all, item, n) => all + (item.isCredit || item.open === null ? 0n : item.open - (read[n] ?? 0n)), 0n);
    const left = at.amount - total;
    sum.textContent = `${at.money(total)} of ${at.money(at.amount)} ${at.row.currency}; ${at.money(left)} left`
      + (kind === "write_off" ? `; ${at.money(open)} is written off` : open ? `; ${at.money(open)} stays open` : "");
    sum.className = left < 0n ? "wrong" : "";
    const customers = [...new Set(items.map((item) => item.customerId).filter(Boolean))];
    if (owner.options.length !== customers.length) {
      owner.replaceChildren(...customers.map((id) => el("option", { value: id }, `${data.customerName(data.placeOfCustomer.get(id) ?? -1)} (${id})`)));
    }
    restRow.hidden = left <= 0n || customers.length < 2;
  };
  const add = (item) => {
    item.input = el("input.amount", { inputmode: "decimal", autocomplete: "off", "aria-label": `Amount for ${item.number}`, value: written(item.cash, at.decimals), oninput: show });
    const drop = () => {
      items.splice(items.indexOf(item), 1);
      item.row.remove();
      show();
    };
    item.row = el("tr", {}, el("th", { scope: "row" }, item.number, item.isCredit ? " (credit note)" : ""), el("td", {}, item.customerName),
      el("td.amount", {}, item.open === null ? "not open any more" : `${at.money(item.open)} open`), el("td.amount", {}, item.input),
      el("td", {}, el("button", { type: "button", "aria-label": `Leave out ${item.number}`, onclick: drop }, "×")));
    rows.append(item.row);
  };
  items.forEach(add);
  const choose = (place, done) => {
    const item = itemOf(data.open_items.invoice_id[place], "");
    return el("button", { type: "button", onclick: () => {
      const left = amounts().reduce((rest, amount) => rest - (amount ?? 0n), at.amount);
      item.cash = item.isCredit ? -item.open : left < 0n ? 0n : left < item.open ? left : item.open;
      items.push(item);
      add(item);
      done();
      show();
    } }, item.number, " ", item.customerName, " ", el("span.source", {}, `${at.money(item.open)} open, due ${item.due}`));
  };
  const fits = (place) => data.open_items.currency[place] === at.row.currency && items.every((item) => item.id !== data.open_items.invoice_id[place]);
  show();
  return framed(kind, kind === "assign" ? "Assign" : "Pay and write off the rest", [
    el("div.scroll", {}, el("table.assigned", {}, rows)),
    finder("Find open items: number, customer, amount", searchedItem, data.open_items.length, choose, fits),
    el("p.sum", {}, sum), restRow,
  ], decide, leave, () => ({ invoices: soundCash(at, items, amounts(), kind === "write_off"), customer_id: restRow.hidden ? "" : owner.value }));
}

/** The cash for each item, as the decisions file writes it. */
function soundCash(at, items, amounts, isWrittenOff) {
  if (!items.length) throw new Unsound("Add the invoices that it pays.");
  let total = 0n;
  let writtenOff = 0n;
  const cash = items.map((item, n) => {
    const amount = amounts[n];
    if (amount === null) throw new Unsound(`“${item.input.value}” is no amount for ${item.number}; write it as 1204.50.`);
    if (item.isCredit ? amount >= 0n : amount <= 0n) throw new Unsound(`The amount for ${item.number} is to be ${item.isCredit ? "below" : "above"} zero.`);
    if (item.open !== null && (item.isCredit ? -amount : amount) > item.open) throw new Unsound(`${item.number} owes ${at.money(item.open)}; it cannot get more.`);
    total += amount;
    if (!item.isCredit && item.open !== null) writtenOff += item.open - amount;
    return { invoice_id: item.id, amount: written(amount, at.decimals) };
  });
  if (total > at.amount) throw new Unsound(`The line has ${at.money(at.amount)}; ${at.money(total)} is too much.`);
  if (total <= 0n) throw new Unsound("The invoices must get something of the line's money.");
  if (isWrittenOff && writtenOff === 0n) throw new Unsound("Nothing is left to write off; accept or assign it.");
  if (isWrittenOff && total < at.amount) throw new Unsound(`${at.money(at.amount - total)} of the line's money would be left over while something is written off.`);
  return cash;
}
