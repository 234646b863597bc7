// A line of a delivery or count: a product and how many pieces.

import { fill, h, newId, picture } from '../core/dom.js';
import { number, readNumber, signed } from '../core/format.js';
import { iconButton } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { t } from '../texts.js';

export class MoveLine {
  /**
   * @param {any} product
   * @param {string} kind
   * @param {{ changed: () => void, remove: () => void }} actions
   */
  constructor(product, kind, { changed, remove }) {
    this.product = product;
    this.changed = changed;
    const errorId = newId('error');
    this.input = h('input', {
      type: 'text',
      inputmode: 'numeric',
      class: 'quantity',
      value: '1',
      'aria-label': t.stock.quantity(product.title),
      'aria-describedby': errorId,
      autocomplete: 'off',
    });
    this.result = h('span', { class: 'small faint' });
    this.error = h('p', { class: 'field-error', id: errorId, role: 'alert', hidden: true });
    this.input.addEventListener('input', () => this.#update());
    this.input.addEventListener('focus', () => this.input.select());
    // A scanner's Enter in this field must not be lost, and must not submit anything.
    this.input.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
    this.element = this.#draw(remove);
    this.kind = kind;
  }

  #draw(remove) {
    const { title, sku, gtin, media } = this.product;
    return h(
      'li',
      { class: 'card move-line' },
      picture(media?.[0]?.thumbnail ?? media?.[0]?.url, ''),
      h(
        'div',
        { class: 'grow' },
        h('p', { class: 'item-title' }, title),
        h('p', { class: 'small faint' }, [sku, gtin].filter(Boolean).join(' · ')),
        this.result,
        this.error,
      ),
      h(
        'div',
        { class: 'stepper' },
        iconButton('minus', t.stock.less(title), () => this.#step(-1)),
        this.input,
        iconButton('plus', t.stock.more(title), () => this.#step(1)),
      ),
      iconButton('cross', t.stock.removeLine(title), remove),
    );
  }

  get quantity() {
    const value = readNumber(this.input.value);
    return Number.isInteger(value) && value >= 0 ? value : NaN;
  }

  set quantity(value) {
    this.input.value = String(value);
    this.#update();
  }

  set kind(kind) {
    this.kindNow = kind;
    this.#update();
  }

  #step(by) {
    this.quantity = Math.max((this.quantity || 0) + by, 0);
  }

  #update() {
    this.#setError('');
    const { quantity, product, kindNow } = this;
    const before = product.stock_quantity;
    const after = kindNow === 'count' ? quantity : before + (kindNow === 'loss' ? -quantity : quantity);
    fill(
      this.result,
      Number.isNaN(quantity) ? '' : t.stock.becomes(number(before), number(after), signed(after - before)),
    );
    this.changed();
  }

  /** Whether the quantity can be written. */
  check() {
    const isValid = this.kindNow === 'count' ? this.quantity >= 0 : this.quantity > 0;
    if (!isValid) this.refuse(t.stock.invalid);
    return isValid;
  }

  /** Shows what is wrong, and the stock that the product has now. */
  refuse(message, available) {
    if (available !== undefined) {
      this.product = { ...this.product, stock_quantity: available };
      this.#update();
    }
    this.#setError(message);
    this.input.focus();
  }

  #setError(message) {
    this.error.hidden = !message;
    fill(this.error, message && [icon('warning', 'icon small-icon'), message]);
    if (message) this.input.setAttribute('aria-invalid', 'true');
    else this.input.removeAttribute('aria-invalid');
  }
}
