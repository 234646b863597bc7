// A delivery, a count or another movement: products are scanned or typed, and written all at once.

import { post, randomKey } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { busy } from '../core/dialog.js';
import { field, segments, textInput } from '../core/fields.js';
import { number } from '../core/format.js';
import { button } from '../core/heading.js';
import { announce } from '../core/live.js';
import { empty } from '../core/states.js';
import { showProblem, toast } from '../core/toast.js';
import { hasCode, lookUp } from '../products/lookup.js';
import { t } from '../texts.js';
import { MoveLine } from './line.js';
import { scanButton } from './scanner.js';

const KINDS = ['delivery', 'count', 'return', 'loss'];
/** The most products of a request. */
const MOST = 200;

export class MoveForm {
  /**
   * @param {AbortSignal} signal
   * @param {string | null} first What is looked up at once.
   */
  constructor(signal, first) {
    this.signal = signal;
    /** @type {MoveLine[]} The newest first. */
    this.lines = [];
    /** What was sent without a definite answer, and its key: it may have been booked. @type {{ text: string, key: string } | null} */
    this.sent = null;
    this.kinds = segments({
      label: t.stock.kind,
      choices: KINDS.map((kind) => [kind, t.reasons[kind]]),
      value: 'delivery',
      onchange: () => this.#kindChanged(),
    });
    this.code = textInput({
      class: 'code-input',
      placeholder: t.stock.codeHint,
      enterkeyhint: 'enter',
      spellcheck: 'false',
      autocapitalize: 'off',
    });
    this.codeField = field({
      label: t.stock.code,
      control: h(
        'div',
        { class: 'row' },
        this.code,
        scanButton((code) => this.enter(code), signal),
      ),
    });
    this.hits = h('div', { class: 'hits' });
    this.reference = textInput({ maxlength: 255 });
    this.list = h('ul', { class: 'list move-lines' });
    this.save = button('', () => this.write(), { kind: 'primary' });
    this.total = h('p', { class: 'faint', role: 'status' });
    this.element = this.#draw();
    this.#kindChanged();
    if (first) this.enter(first);
  }

  get kind() {
    return this.kinds.value;
  }

  focus() {
    this.code.focus({ preventScroll: true });
  }

  #draw() {
    const entry = h('form', { class: 'card stack', novalidate: true }, this.kinds, this.codeField, this.hits);
    entry.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.code.value;
      // The next scan may be typed before this one is found.
      this.code.value = '';
      this.enter(text);
    });
    const foot = h(
      'div',
      { class: 'row wrap bottom' },
      field({ label: t.stock.reference, control: this.reference, className: 'grow' }),
      this.total,
      this.save,
    );
    this.foot = foot;
    return h('div', { class: 'stack' }, entry, this.list, foot);
  }

  /** Takes a code that was scanned or typed. */
  async enter(text) {
    const code = text.trim();
    if (!code) return;
    this.codeField.setError('');
    const known = this.lines.find((line) => hasCode(line.product, code));
    if (known) return this.#again(known);
    try {
      const { exact, hits } = await lookUp(code, this.signal);
      if (exact) this.add(exact);
      else this.#offer(code, hits);
    } catch (problem) {
      this.#putBack(code);
      showProblem(problem);
    }
  }

  /** Puts a code back into the field to be corrected, unless the next one is there. Returns whether it is there. */
  #putBack(code) {
    if (!this.code.value) this.code.value = code;
    return this.code.value === code;
  }

  /** Offers what a text may mean. */
  #offer(code, hits) {
    const isBack = this.#putBack(code);
    if (hits.length === 0) {
      fill(this.hits);
      // An error at the field would go with the next code.
      if (!isBack) return void toast(t.stock.unknown(code), { kind: 'bad' });
      this.codeField.setError(t.stock.unknown(code));
      this.code.select();
      return;
    }
    const take = (product) => {
      if (this.code.value === code) this.code.value = '';
      this.add(product);
    };
    const hit = (product) =>
      h(
        'button',
        { type: 'button', class: 'menu-item', onclick: () => take(product) },
        h('span', { class: 'grow' }, product.title),
        !product.is_active && h('span', { class: 'badge' }, t.products.inactive),
        h('span', { class: 'small faint' }, product.sku ?? product.slug),
      );
    fill(this.hits, h('p', { class: 'small' }, t.stock.choose), hits.map(hit));
    announce(t.stock.found(hits.length));
    if (isBack) this.hits.querySelector('button').focus();
  }

  /** Adds a product, or one more piece of it. */
  add(product) {
    const known = this.lines.find((line) => line.product.id === product.id);
    if (known) return this.#again(known);
    if (this.lines.length >= MOST) return this.codeField.setError(t.stock.tooMany(MOST));
    const line = new MoveLine(product, this.kind, {
      changed: () => this.#update(),
      remove: () => this.#remove(line),
    });
    this.lines.unshift(line);
    this.list.prepend(line.element);
    this.#entered(t.stock.added(product.title, line.quantity));
  }

  #again(line) {
    line.quantity += 1;
    this.list.prepend(line.element);
    this.#entered(t.stock.added(line.product.title, line.quantity));
  }

  #entered(text) {
    fill(this.hits);
    this.code.focus();
    announce(text);
    this.#update();
  }

  #remove(line) {
    this.lines = this.lines.filter((other) => other !== line);
    line.element.remove();
    this.#update();
    this.focus();
  }

  #kindChanged() {
    for (const line of this.lines) line.kind = this.kind;
    this.#update();
  }

  #update() {
    const pieces = this.lines.reduce((sum, line) => sum + (line.quantity || 0), 0);
    this.total.textContent = this.lines.length > 0 ? t.stock.total(this.lines.length, number(pieces)) : '';
    fill(this.save, t.stock.save[this.kind]);
    this.foot.hidden = this.lines.length === 0;
    if (this.lines.length === 0)
      fill(this.list, h('li', {}, empty({ icon: 'scan', title: t.stock.none, text: t.stock.noneText })));
    else this.list.querySelector('.empty')?.parentElement.remove();
  }

  /** Writes all lines, or none. */
  write() {
    return busy(this.save, async () => {
      const lines = this.lines.filter((line) => line.check());
      if (lines.length < this.lines.length) return;
      try {
        const undo = this.kind === 'count' ? await this.#count(lines) : await this.#move(lines);
        toast(t.stock.written[this.kind](lines.length), { undo });
        this.#clear();
      } catch (problem) {
        if (!this.#mark(problem)) throw problem;
      }
    });
  }

  async #move(lines) {
    const sign = this.kind === 'loss' ? -1 : 1;
    const changes = lines.map((line) => ({ slug: line.product.slug, change: sign * line.quantity }));
    const reference = this.reference.value.trim() || undefined;
    await this.#send('/api/stock', { reason: this.kind, reference, lines: changes });
    const back = changes.map(({ slug, change }) => ({ slug, change: -change }));
    return () => post('/api/stock', { reason: 'correction', reference, lines: back });
  }

  /** A count sets the stock, unless it has changed since the product was entered. */
  async #count(lines) {
    const reference = this.reference.value.trim() || undefined;
    const operations = lines.map(({ product, quantity }) => ({
      action: 'stock',
      slug: product.slug,
      body: { set: quantity, expected: product.stock_quantity, reason: 'count', reference },
    }));
    await this.#send('/api/products/bulk', { operations });
    const back = lines.filter((line) => line.quantity !== line.product.stock_quantity);
    const changes = back.map(({ product, quantity }) => ({
      slug: product.slug,
      change: product.stock_quantity - quantity,
    }));
    if (changes.length === 0) return undefined;
    return () => post('/api/stock', { reason: 'correction', reference, lines: changes });
  }

  /** Sends a booking. The same one is sent again with its key, until it is known what became of it. */
  async #send(path, body) {
    const text = JSON.stringify(body);
    if (this.sent?.text !== text) this.sent = { text, key: randomKey() };
    try {
      await post(path, body, { key: this.sent.key });
    } catch (problem) {
      if (isDefinite(problem)) this.sent = null;
      throw problem;
    }
    this.sent = null;
  }

  /** Shows the errors of lines. Returns whether there were any. */
  #mark(problem) {
    const bySlug = new Map(this.lines.map((line) => [line.product.slug, line]));
    const failures = [
      ...(problem.body?.shortages ?? []).map(({ slug, available }) => [
        slug,
        t.stock.short(number(available)),
        available,
      ]),
      ...(problem.body?.results ?? [])
        .filter((result) => result.problem)
        .map((result) => [result.slug, messageOf(result.problem), result.problem.available]),
    ];
    for (const [slug, message, available] of failures) bySlug.get(slug)?.refuse(message, available);
    if (failures.length > 0) announce(t.stock.failed(failures.length));
    return failures.length > 0;
  }

  #clear() {
    this.lines = [];
    fill(this.list);
    this.reference.value = '';
    this.#update();
    this.focus();
  }
}

/** Whether an error says that nothing was booked. Those of limits and of the session say nothing of an earlier try. */
function isDefinite({ status, code }) {
  const isRefused = status >= 400 && status < 500 && ![401, 408, 429].includes(status);
  return isRefused && code !== 'idempotency-in-flight';
}

function messageOf(problem) {
  if (problem.available !== undefined) return t.stock.changed(number(problem.available));
  return problem.errors?.map((error) => error.message).join(' ') || problem.detail;
}
