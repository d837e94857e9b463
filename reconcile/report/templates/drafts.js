"use strict";
// The decisions of this page: kept in the browser until they are saved to a file, in the form that `reconcile review apply`
// reads. The browser's storage may be closed to the page; then they last as long as the page is open.

const ACTIONS = {
  accept: "Accepted", reject: "Rejected", assign: "Assigned", on_account: "Put on account", write_off: "Written off",
  not_receivable: "Not receivable",
};

class Drafts {
  constructor(run) {
    this.run = run;
    this.key = `reconcile decisions\n${run.ledger}\n${run.number}`;
    this.decisions = new Map();
    this.history = []; // ids of lines, the latest last
    this.who = "";
    this.isSaved = true;
    this.isKept = this.load();
  }

  load() {
    try {
      this.who = localStorage.getItem("reconcile who") ?? "";
      for (const decision of JSON.parse(localStorage.getItem(this.key) ?? "[]")) {
        if (typeof decision.line_id !== "string" || !Object.hasOwn(ACTIONS, decision.action)) continue;
        this.decisions.set(decision.line_id, decision);
        this.history.push(decision.line_id);
      }
      this.isSaved = this.decisions.size === 0;
      return true;
    } catch {
      return false;
    }
  }

  keep() {
    this.isSaved = false;
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.decisions.values()]));
      if (this.who) localStorage.setItem("reconcile who", this.who);
    } catch {
      this.isKept = false;
    }
  }

  set(decision) {
    const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    this.decisions.set(decision.line_id, { invoices: [], customer_id: "", reason: "", ...decision, decided_at: at });
    this.history.push(decision.line_id);
    this.keep();
  }

  /** Take a line's decision back; without a line, the latest. Returns the line's id, '' where nothing was decided. */
  undo(lineId = "") {
    const last = lineId || this.history.findLast((each) => this.decisions.has(each)) || "";
    if (!this.decisions.delete(last)) return "";
    this.history = this.history.filter((each) => each !== last);
    this.keep();
    return last;
  }

  /** The decisions file; `isKnown` says whether a line still waits on this page. */
  file(isKnown) {
    const decisions = [...this.decisions.values()].filter((decision) => isKnown(decision.line_id)).map((decision) => ({
      line_id: decision.line_id, action: decision.action, invoices: decision.invoices, customer_id: decision.customer_id,
      reason: decision.reason, decided_at: decision.decided_at,
    }));
    const file = { format: "reconcile-decisions/1", run_number: this.run.number, who: this.who, decisions };
    return `${JSON.stringify(file, null, 2)}\n`;
  }
}

/** Hand a text to the person as a file. */
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A path as a shell takes it. */
function quoted(path) {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Save the decisions to a file and say the one command that carries them out; who decides must be said first. */
function saveDecisions({ part, drafts, lineOfId }) {
  if (!drafts.who) {
    part.who.focus();
    part.saved.replaceChildren(el("p.wrong", {}, "Say who decides, then save: the ledger keeps the name with each decision."));
    part.saved.hidden = false;
    return;
  }
  const name = `decisions-run-${data.run.number}.json`;
  drafts.keep();
  download(name, drafts.file((id) => lineOfId.has(id)));
  drafts.isSaved = true;
  const ledger = data.run.is_default_ledger ? "" : ` --ledger ${quoted(data.run.ledger)}`;
  part.saved.replaceChildren(
    el("p", {}, `Saved as ${name} in your downloads. Nothing is posted yet; this carries the decisions out:`),
    el("code", {}, `reconcile review apply ${name}${ledger}`),
  );
  part.saved.hidden = false;
}
