"use strict";
// Lays out the line at hand: the bank's line beside its proposal, the evidence field by field, what else was considered.

const LEVELS = { agrees: "agrees", "in part": "in part", nothing: "says nothing", contradicts: "contradicts" };

function casePage(at, draft, act) {
  return [
    caseHead(at),
    at.waiting ? secondPerson(at, draft, act) : null,
    draft ? decidedNote(at, draft, act) : null,
    at.proposed.length ? evidenceTable(at) : bankTable(at),
    at.proposed.length ? proposalTable(at) : null,
    el("p.sentence", {}, at.row.explanation),
    at.alternatives.length ? alternatives(at, draft, act) : null,
  ].filter(Boolean);
}

function caseHead({ row, age, money, amount }) {
  const when = age < 1 ? "today" : age === 1 ? "a day ago" : `${age} days ago`;
  return el("header.case-head", {},
    el("h3", { id: "case-title" }, el("span.case-amount", {}, money(amount), " ", el("abbr", {}, row.currency)), " ",
      row.counterparty_name || "Payer not named"),
    el("p.source", {}, `Booked ${row.booked_date}, ${when} · ${row.account_id} · ${row.source_file}, transaction ${row.source_row}`,
      row.is_earlier ? el("strong", {}, " · waits since an earlier night") : null));
}

/** The bank's text and what it is held against, each with the parts that both have marked. */
function evidenceTable(at) {
  const { row, best, proposed } = at;
  const told = evidenceOf(best) ?? { reference: ["", ""], payer: ["", ""], amount: ["", ""] };
  const text = [row.remittance_text, row.payment_reference].filter(Boolean).join(" ");
  const names = [...new Set(proposed.map((item) => item.customerName).filter(Boolean))];
  const numberParts = proposed.map((item) => sharedParts(text, item.number, saysNumber));
  const nameParts = names.map((name) => sharedParts(row.counterparty_name, name, saysName));
  const nameInText = names.map((name) => sharedParts(text, name, saysName));
  const kind = (parts, name) => parts.flatMap((each) => each.map(([from, to]) => [from, to, name]));
  const bankText = marked(text, [
    ...kind(numberParts.map((parts) => parts.text), "reference"), ...kind(nameInText.map((parts) => parts.text), "payer"),
  ]);
  const bankName = marked(row.counterparty_name, kind(nameParts.map((parts) => parts.text), "payer"));
  const numbers = proposed.map((item, n) => marked(item.number, kind([numberParts[n].other], "reference")));
  const customers = names.map((name, n) => marked(name, kind([nameParts[n].other, nameInText[n].other], "payer")));
  const owed = proposed.reduce((sum, item) => sum + (item.open === null ? 0n : item.isCredit ? -item.open : item.open), 0n);
  const difference = at.amount - owed;
  const differs = difference === 0n ? "" : difference < 0n ? `${at.money(-difference)} less than is due` : `${at.money(difference)} more than is due`;
  return el("table.evidence", {},
    el("thead", {}, el("tr", {}, ...["Evidence", "The bank's line", "The proposal", "What it says"].map((title) => el("th", { scope: "col" }, title)))),
    el("tbody", {},
      evidenceRow("Reference", bankText.length ? bankText : "no text", listed(numbers), told.reference),
      evidenceRow("Payer", bankName.length ? bankName : "not named", listed(customers), told.payer),
      evidenceRow("Amount", at.money(at.amount), `${at.money(owed)} due`, [told.amount[0], [told.amount[1], differs].filter(Boolean).join("; ")]),
      evidenceRow("Date", row.booked_date, dueDates(proposed), ["", lateness(row.booked_date, proposed)])));
}

function evidenceRow(field, bank, proposal, [level, words]) {
  return el("tr", {},
    el("th", { scope: "row" }, field), el("td", {}, bank), el("td", {}, proposal),
    el("td", {}, level ? el(`span.level.${level.replace(" ", "-")}`, {}, LEVELS[level]) : null, level ? " " : null, words));
}

/** Where nothing is proposed: what the bank said, and no more. */
function bankTable({ row }) {
  const rows = [["Payer", row.counterparty_name || "not named"], ["Text", row.remittance_text], ["Reference", row.payment_reference]];
  return el("table.evidence.bank-only", {}, el("tbody", {},
    rows.filter(([, value]) => value).map(([field, value]) => el("tr", {}, el("th", { scope: "row" }, field), el("td", {}, value)))));
}

function listed(parts) {
  return parts.flatMap((nodes, n) => (n ? [", ", ...nodes] : nodes));
}

function dueDates(items) {
  const dates = [...new Set(items.map((item) => item.due).filter(Boolean))].sort();
  return dates.length > 2 ? `due ${dates[0]} to ${dates.at(-1)}` : dates.length ? `due ${dates.join(", ")}` : "";
}

function lateness(booked, items) {
  const dues = items.map((item) => item.due).filter(Boolean).sort();
  if (!dues.length) return "";
  const days = daysBetween(dues[0], booked);
  if (days === 0) return "paid on the day it was due";
  return days > 0 ? `paid ${counted(days, "day")} after ${dues.length > 1 ? "the first" : "it"} was due` : `paid ${counted(-days, "day")} before it was due`;
}

function counted(number, noun, plural = `${noun}s`) {
  return `${number} ${number === 1 ? noun : plural}`;
}

function proposalTable(at) {
  const cells = (item) => {
    const left = item.open === null ? null : item.isCredit ? item.open + item.cash : item.open - item.cash;
    return el("tr", {},
      el("th", { scope: "row" }, item.number, item.isCredit ? " (credit note)" : ""), el("td", {}, item.customerName),
      el("td.date", {}, item.due), el("td.amount", {}, item.open === null ? "not open any more" : at.money(item.open)),
      el("td.amount", {}, at.money(item.cash), item.besides ? el("span.besides-cash", {}, ` and ${item.besides}`) : null),
      el("td.amount", {}, left === null ? "" : at.money(left)));
  };
  const rest = at.proposed.reduce((sum, item) => sum - item.cash, at.amount);
  return el("div.scroll", {}, el("table.proposal", {},
    el("caption", {}, `Proposed${at.proposed[0].probability ? `, ${at.proposed[0].probability} likely` : ""}`),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Invoice"), el("th", { scope: "col" }, "Customer"), el("th", { scope: "col" }, "Due"),
      ...["Open", "Gets", "Stays open"].map((title) => el("th.amount", { scope: "col" }, title)))),
    el("tbody", {}, at.proposed.map(cells)),
    rest === 0n ? null : el("tfoot", {}, el("tr", {}, el("th", { scope: "row", colspan: 4 }, "Left of the line's money, kept on account"), el("td.amount", {}, at.money(rest)), el("td")))));
}

function alternatives(at, draft, act) {
  return el("section.alternatives", { "aria-label": "What else was considered" },
    el("h4", {}, "Also considered"),
    el("ol", {}, at.alternatives.map((candidate) => el("li", {},
      el("div.alternative", {}, el("b", {}, candidate.invoice_numbers), " ", candidate.customer_name, " ",
        el("span.owes", {}, at.money(mils(candidate.amount))), " ", el("span.likely", {}, candidate.probability)),
      el("p.why", {}, candidate.why_not),
      draft ? null : el("button", { type: "button", onclick: () => act.acceptAlternative(candidate) }, "Accept this instead")))));
}

/** What a person decided in this page, in words. */
function said(at, draft) {
  const named = draft.invoices.map((each) => `${itemOf(each.invoice_id, each.invoice_id).number}${each.amount ? ` ${grouped(each.amount)}` : ""}`).join(", ");
  const customer = draft.customer_id && `${data.customerName(data.placeOfCustomer.get(draft.customer_id) ?? -1)} (${draft.customer_id})`;
  return [ACTIONS[draft.action], named && `: ${named}`, customer && `, ${draft.action === "on_account" ? "of" : "the rest on account of"} ${customer}`,
    draft.reason && `. ${draft.reason}`].filter(Boolean).join("");
}

function decidedNote(at, draft, act) {
  return el("div.decided-note", {}, el("p", {}, el("strong", {}, said(at, draft))),
    el("button", { type: "button", onclick: act.undo }, "Take back ", el("kbd", {}, "u")));
}

function secondPerson(at, draft, act) {
  const { action, who, at: when, invoices, reason } = at.waiting;
  const named = invoices.map((each) => `${each.number || each.invoice_id} ${grouped(each.amount)}`).join(", ");
  return el("div.second-person", {},
    el("p", {}, el("strong", {}, `${ACTIONS[action]} by ${who}`), ` on ${when} UTC${named ? `: ${named}` : ""}${reason ? ` (${reason})` : ""}. A second person must confirm it.`),
    draft ? null : el("button", { type: "button", onclick: act.confirm }, "Confirm ", el("kbd", {}, "c")));
}
