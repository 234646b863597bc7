// The state of the form of a product: what was loaded, what is written, and what differs.

import { fill, h } from '../core/dom.js';
import { href } from '../core/router.js';
import { longMoment } from '../core/format.js';
import { t } from '../texts.js';
import { changedPaths, isSame, nameFor, pathOfError, slugFor, valuesOf } from './model.js';
import { drawSections } from './sections.js';

/** Paths whose errors are shown at another field. */
const SHARED = { 'food.may_contain': 'food.allergens' };

export class ProductForm {
  /**
   * @param {any | null} product Null for a new one.
   * @param {{ categories: any[], signal: AbortSignal, canMoveStock: boolean, canWrite: boolean, onchange: () => void }} context
   */
  constructor(product, context) {
    this.isNew = !product;
    const { controls, sections } = drawSections({ ...context, isNew: this.isNew });
    this.controls = controls;
    this.sections = sections;
    this.summary = h('div', { class: 'error-summary', role: 'alert', tabindex: '-1', hidden: true });
    this.element = h(
      'form',
      { class: 'stack product-form', novalidate: true },
      this.summary,
      sections.map((section) => section.element),
    );
    this.load(product);
    if (this.isNew) {
      this.#followTitle();
      this.#hideUntilPublished();
    }
    if (!context.canWrite)
      this.element.querySelectorAll('input, textarea, select, button').forEach((one) => (one.disabled = true));
    for (const type of ['input', 'change'])
      this.element.addEventListener(type, (event) => this.#changed(event.target, context));
    this.#refresh();
  }

  /** Begins anew from a product. What differs from the values `sent` was written since, and stays. */
  load(product, sent) {
    const later = sent ? changedPaths(sent, this.read()) : [];
    this.product = product;
    /** The values as the server has them. */
    this.base = valuesOf(product ?? {});
    for (const [path, control] of this.controls) {
      const value = this.base.get(path);
      // A field that somebody writes in keeps its cursor and its last space.
      const isWritten = sent && isSame(control.read(), value) && control.element.contains(document.activeElement);
      if (!isWritten && !later.includes(path)) control.write(value);
    }
    this.#refresh();
  }

  write(values) {
    for (const [path, control] of this.controls) control.write(values.get(path));
    this.#refresh();
  }

  /** What is written now. */
  read() {
    return new Map([...this.controls].map(([path, control]) => [path, control.read()]));
  }

  get changes() {
    return changedPaths(this.base, this.read());
  }

  get isBusy() {
    return this.controls.get('pictures').isBusy();
  }

  #changed(target, context) {
    // What was wrong with a field may be right now; the next save tells.
    for (const control of this.controls.values()) if (control.element.contains(target)) control.setError('');
    this.#refresh();
    context.onchange();
  }

  #refresh() {
    for (const box of this.element?.querySelectorAll('.stack') ?? []) box.refresh?.();
    const summary = this.element?.querySelector('.dates-summary');
    if (summary) summary.textContent = datesText((path) => this.controls.get(path).read());
  }

  /** Makes the name and address of a new product from its title, until they are written by hand. */
  #followTitle() {
    const [title, name, slug] = ['title', 'name', 'slug'].map((path) => this.controls.get(path));
    let made = { name: '', slug: '' };
    title.element.input.addEventListener('input', () => {
      if (name.read() === made.name) name.write(nameFor(title.read()));
      if (slug.read() === made.slug) slug.write(slugFor(name.read()));
      made = { name: name.read(), slug: slug.read() };
    });
  }

  /** A new product with a date to appear at is hidden until then. */
  #hideUntilPublished() {
    const [from, status] = [this.controls.get('publish_at'), this.controls.get('is_active')];
    from.element.input.addEventListener('change', () => from.read() && status.write(false));
  }

  /** Shows the errors of a problem at their fields, and lists them above the form. */
  showErrors(problem) {
    this.clearErrors();
    const others = [];
    const shown = new Map();
    for (const { field, message } of problem.errors) {
      const path = SHARED[pathOfError(field)] ?? pathOfError(field);
      if (!this.controls.has(path)) others.push(message);
      else shown.set(path, [...(shown.get(path) ?? []), numbered(field, message)]);
    }
    for (const [path, messages] of shown) this.controls.get(path).setError(messages.join(' '));
    this.#summarize(shown, problem.errors.length > 0 ? others : [problem.message]);
  }

  clearErrors() {
    for (const control of this.controls.values()) control.setError('');
    this.summary.hidden = true;
  }

  #summarize(shown, others) {
    const link = ([path, messages]) => {
      const button = h('button', { type: 'button', class: 'link' }, t.fields[path]);
      button.addEventListener('click', () => this.focus(path));
      return h('li', {}, button, ': ', messages.join(' '));
    };
    const count = shown.size + others.length;
    fill(
      this.summary,
      h('h2', {}, shown.size > 0 ? t.product.errors(count) : t.errors.title),
      h(
        'ul',
        { class: 'plain' },
        [...shown].map(link),
        others.map((message) => h('li', {}, message)),
      ),
    );
    this.summary.hidden = false;
    this.summary.focus();
    this.summary.scrollIntoView({ block: 'center' });
  }

  /** Moves the focus to a field, and opens what hides it. */
  focus(path) {
    const control = this.controls.get(path);
    const hidden = control.element.closest('details');
    if (hidden) hidden.open = true;
    control.element.scrollIntoView({ block: 'center' });
    control.focus();
  }
}

/** Names the entry of a list that an error is about, counted from 1 as people count. */
function numbered(field, message) {
  const index = /\[(\d+)\]/.exec(field)?.[1];
  return index === undefined ? message : t.product.entry(Number(index) + 1, message);
}

/** What the dates mean, in words. */
function datesText(read) {
  const [isActive, from, until] = [read('is_active'), read('publish_at'), read('unpublish_at')];
  const parts = [isActive ? t.dates.visible : t.dates.hidden];
  if (from && !isActive) parts.push(t.dates.appears(longMoment(from)));
  if (from && isActive) parts.push(t.dates.alreadyVisible);
  if (until) parts.push(t.dates.disappears(longMoment(until)));
  return parts.join(' ');
}

/** Links to the sections. They move the focus, because the address names the page. */
export function sectionLinks(sections) {
  const link = ({ id, element }) => {
    const one = h('a', { href: href('') }, t.sections[id]);
    one.addEventListener('click', (event) => {
      event.preventDefault();
      element.scrollIntoView({ block: 'start' });
      element.querySelector('h2').focus({ preventScroll: true });
    });
    return h('li', {}, one);
  };
  return h('nav', { class: 'section-nav', 'aria-label': t.product.sections }, h('ul', {}, sections.map(link)));
}
