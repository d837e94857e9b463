"use strict";
// The review queue as a desk: a list of lines to decide, the line at hand, actions, keys, progress, and the file of decisions.

const QUEUE_ROWS = 100; // of the list at a time
const KEYS = { a: "accept", r: "reject", s: "assign", o: "on_account", w: "write_off", n: "not_receivable" };
const LABELS = {
  accept: "Accept", reject: "Reject", assign: "Assign", on_account: "On account", write_off: "Write off", not_receivable: "Not receivable",
};

class Desk {
  constructor(lines, drafts) {
    this.lines = [...lines];
    this.drafts = drafts;
    this.amounts = new Map(lines.map((line) => [line, mils(data.lines.amount[line])]));
    this.lineOfId = new Map(lines.map((line) => [data.idOf.get(line), line]));
    this.hits = null;
    this.queue = [];
    this.at = -1; // the place in the queue of the line at hand
    this.form = "";
    this.part = Object.fromEntries(
      ["desk", "queue", "queue-more", "case", "progress", "decided", "order", "shown", "currency", "who", "save", "help", "help-button", "saved", "said"]
        .map((id) => [id, document.getElementById(id)]),
    );
    this.listen();
    this.sort();
  }

  listen() {
    const { part } = this;
    part.order.addEventListener("change", () => this.sort());
    for (const id of ["shown", "currency"]) part[id].addEventListener("change", () => this.choose());
    const currencies = [...new Set(this.lines.map((line) => data.lines.currency[line]))].sort();
    part.currency.append(...currencies.map((currency) => el("option", { value: currency }, currency)));
    part.currency.closest("label").hidden = currencies.length < 2;
    part.who.value = this.drafts.who;
    part.who.addEventListener("input", () => {
      this.drafts.who = part.who.value.trim();
    });
    part.save.addEventListener("click", () => saveDecisions(this));
    part["help-button"].addEventListener("click", () => this.help());
    part.queue.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(Number(option.dataset.at));
    });
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("beforeunload", (event) => {
      if (!this.drafts.isKept && !this.drafts.isSaved) event.preventDefault();
    });
  }

  lineId(at = this.at) {
    return at >= 0 && at < this.queue.length ? data.idOf.get(this.queue[at]) : "";
  }

  draftOf(line) {
    return this.drafts.decisions.get(data.idOf.get(line));
  }

  find(hits) {
    this.hits = hits;
    this.choose();
  }

  /** Order all lines anew, then choose those that are shown. */
  sort() {
    const { booked_date: dates } = data.lines;
    const size = new Map([...this.amounts].map(([line, amount]) => [line, amount < 0n ? -amount : amount]));
    const orders = {
      value: (one, two) => (size.get(one) === size.get(two) ? one - two : size.get(one) < size.get(two) ? 1 : -1),
      age: (one, two) => (dates[one] === dates[two] ? one - two : dates[one] < dates[two] ? -1 : 1),
      file: (one, two) => one - two,
    };
    this.lines.sort(orders[this.part.order.value]);
    this.choose();
  }

  /** Choose the lines that are shown; the line at hand stays at hand where it is still among them. */
  choose() {
    const { part, hits } = this;
    const currency = part.currency.value;
    const shows = {
      all: () => true, open: (line) => !this.draftOf(line), done: (line) => Boolean(this.draftOf(line)),
      second: (line) => data.places("waiting_reviews", line).length > 0,
    }[part.shown.value];
    const atHand = this.queue[this.at];
    this.queue = this.lines
      .filter((line) => (!hits || hits[line]) && shows(line) && (!currency || data.lines.currency[line] === currency));
    this.at = -1;
    this.go(Math.max(0, this.queue.indexOf(atHand)));
  }

  /** Bring the line at a place of the queue to hand. */
  go(at) {
    this.at = this.queue.length ? Math.max(0, Math.min(at, this.queue.length - 1)) : -1;
    this.form = "";
    this.layOutQueue();
    this.layOutCase();
  }

  layOutQueue() {
    const from = this.at < 0 ? 0 : this.at - (this.at % QUEUE_ROWS);
    const shown = this.queue.slice(from, from + QUEUE_ROWS);
    const { queue } = this.part;
    queue.replaceChildren(...shown.map((line, n) => this.option(line, from + n)));
    if (!shown.length) queue.replaceChildren(el("p.none", {}, "No line here fits."));
    const chosen = queue.querySelector("[aria-selected=true]");
    if (chosen) {
      queue.setAttribute("aria-activedescendant", chosen.id);
      const top = chosen.offsetTop - queue.offsetTop;
      if (top < queue.scrollTop) queue.scrollTop = top;
      else if (top + chosen.offsetHeight > queue.scrollTop + queue.clientHeight) queue.scrollTop = top + chosen.offsetHeight - queue.clientHeight;
    } else queue.removeAttribute("aria-activedescendant");
    layOutPager(this.part["queue-more"], from, QUEUE_ROWS, this.queue.length, (start) => this.go(start));
    this.layOutProgress();
  }

  option(line, at) {
    const { lines } = data;
    const draft = this.draftOf(line);
    const age = daysBetween(lines.booked_date[line], data.run.as_of);
    const state = draft ? ACTIONS[draft.action] : data.places("waiting_reviews", line).length ? "second person" : lines.outcome[line] === "unmatched" ? "nothing fits" : "";
    return el("div.option", { role: "option", id: `option-${at}`, "aria-selected": String(at === this.at), "data-at": at, "data-decided": Boolean(draft) },
      el("span.option-amount", {}, grouped(lines.amount[line]), " ", el("abbr", {}, lines.currency[line])),
      el("span.option-payer", {}, data.texts(line).counterparty_name || "Payer not named"),
      el("span.option-age", {}, age < 1 ? "today" : counted(age, "day")),
      el("span.option-state", {}, state ? `${draft ? "✓ " : ""}${state}` : ""));
  }

  layOutProgress() {
    const decided = [...this.drafts.decisions.keys()].filter((id) => this.lineOfId.has(id)).length;
    const { part } = this;
    part.progress.max = this.lines.length;
    part.progress.value = decided;
    part.decided.textContent = `${decided} of ${this.lines.length} decided`;
    part.save.disabled = decided === 0;
    part.save.textContent = decided ? `Save ${counted(decided, "decision")}` : "Save decisions";
  }

  layOutCase() {
    const page = this.part.case;
    if (this.at < 0) {
      page.replaceChildren(el("p.none", {}, "No line is chosen."));
      return;
    }
    const line = this.queue[this.at];
    const at = caseOf(line);
    const draft = this.draftOf(line);
    this.case = at;
    const form = this.form ? formOf(this.form, at, (decision) => this.decide(decision), () => this.leave()) : null;
    page.replaceChildren(
      ...casePage(at, draft, {
        undo: () => this.undo(), confirm: () => this.confirm(),
        acceptAlternative: (candidate) => this.acceptAlternative(candidate),
      }),
      ...(form ? [form] : draft ? [] : [this.buttons(at)]),
    );
    page.setAttribute("aria-labelledby", "case-title");
    (form?.querySelector(".found") ? form.querySelector("input[type=search], input.amount") : form?.querySelector("[name=reason]"))?.focus();
  }

  buttons(at) {
    return el("div.actions", { role: "group", "aria-label": "Decide" }, Object.entries(KEYS).map(([key, action]) =>
      el(action === "accept" ? "button.primary" : "button", { type: "button", disabled: !this.can(action, at), onclick: () => this.act(action) },
        LABELS[action], " ", el("kbd", {}, key))));
  }

  can(action, at = this.case) {
    const isIn = at.amount > 0n;
    return {
      accept: isIn && at.proposed.length > 0, reject: at.proposed.length + at.alternatives.length > 0, assign: isIn,
      write_off: isIn && at.proposed.length > 0, on_account: true, not_receivable: true,
    }[action];
  }

  act(action) {
    if (this.at < 0 || this.drafts.decisions.has(this.lineId()) || !this.can(action)) return;
    if (action === "accept") {
      const invoices = this.case.proposed.map((item) => ({ invoice_id: item.id, amount: written(item.cash, this.case.decimals) }));
      this.decide({ action, invoices });
      return;
    }
    this.form = action;
    this.layOutCase();
  }

  acceptAlternative(candidate) {
    const at = this.case;
    const items = spread(at.amount, candidate.ids.map((id) => itemOf(id, id)));
    const closed = items.find((item) => item.open === null || item.cash === 0n);
    if (closed) {
      this.say(`${closed.number} cannot get anything: it is not open any more, or no money is left for it.`);
      return;
    }
    this.decide({ action: "assign", invoices: items.map((item) => ({ invoice_id: item.id, amount: written(item.cash, at.decimals) })), customer_id: candidate.customer_id });
  }

  confirm() {
    const { waiting } = this.case;
    if (!waiting || this.drafts.decisions.has(this.lineId())) return;
    if (this.drafts.who && this.drafts.who === waiting.who) {
      this.say(`${waiting.who} decided this first; another person must confirm it.`);
      return;
    }
    const invoices = waiting.invoices.map(({ invoice_id: id, amount }) => ({ invoice_id: id, amount }));
    this.decide({ action: waiting.action, invoices, customer_id: waiting.customerId });
  }

  decide(decision) {
    const lineId = this.lineId();
    this.drafts.set({ line_id: lineId, ...decision });
    this.part.saved.hidden = true;
    const next = this.nextOpen();
    const words = `${ACTIONS[decision.action]}: ${this.case.money(this.case.amount)} ${this.case.row.currency}.`;
    if (this.part.shown.value === "open") this.choose();
    else this.go(next < 0 ? this.at : next);
    this.say(words);
    this.part.queue.focus({ preventScroll: true });
  }

  nextOpen() {
    const isOpen = (line) => !this.draftOf(line);
    const after = this.queue.findIndex((line, place) => place > this.at && isOpen(line));
    return after < 0 ? this.queue.findIndex(isOpen) : after;
  }

  undo() {
    const undone = this.drafts.undo(this.drafts.decisions.has(this.lineId()) ? this.lineId() : "");
    if (!undone) return;
    this.part.saved.hidden = true;
    const place = this.queue.indexOf(this.lineOfId.get(undone));
    this.go(place < 0 ? this.at : place);
    this.say("Taken back.");
  }

  leave() {
    this.form = "";
    this.layOutCase();
    this.part.queue.focus({ preventScroll: true });
  }

  say(words) {
    this.part.said.textContent = `${words} ${this.part.decided.textContent}`;
    this.part.saved.hidden = true;
  }

  help() {
    const { help, "help-button": button } = this.part;
    help.hidden = !help.hidden;
    button.setAttribute("aria-expanded", String(!help.hidden));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (event.key === "Escape") {
      if (this.form) this.leave();
      else if (event.target.id === "query") this.part.queue.focus({ preventScroll: true });
      return;
    }
    if (isTyping) return;
    const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (isArrow && event.target !== this.part.queue) return; // arrows scroll the page elsewhere
    const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
    if (event.key in moves) {
      this.go(this.at + moves[event.key]);
      this.part.queue.focus({ preventScroll: !isArrow && isInView(this.part.desk) });
    } else if (KEYS[event.key]) this.act(KEYS[event.key]);
    else if (event.key === "c") this.confirm();
    else if (event.key === "u") this.undo();
    else if (event.key === "/") document.getElementById("query").focus();
    else if (event.key === "?") this.help();
    else if (event.key === "Enter" && event.target === this.part.queue) this.part.case.focus();
    else return;
    event.preventDefault();
  }
}

function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}

function startDesk(lines) {
  const desk = new Desk(lines, new Drafts(data.run));
  document.getElementById("review").classList.add("has-desk");
  document.getElementById("desk").hidden = false;
  return desk;
}
