// One product: its form, and what can be done with it.

import { get, patch, post, productPath, remove } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { busy, confirm } from '../core/dialog.js';
import { learnCurrency } from '../core/format.js';
import { button, heading, linkButton } from '../core/heading.js';
import { announce } from '../core/live.js';
import { menu, menuItem } from '../core/menu.js';
import { go, replaceAddress } from '../core/router.js';
import { can } from '../core/session.js';
import { showProblem, toast } from '../core/toast.js';
import { Problem } from '../core/problem.js';
import { t } from '../texts.js';
import { isConflict, resolveConflict } from './conflict.js';
import { ProductForm, sectionLinks } from './form.js';
import { historyPanel } from './history.js';
import { bodyOf, changedPaths, isSame, patchOf, valuesOf } from './model.js';
import { otherVariants } from './options.js';
import { showPreview } from './preview.js';

/** How often a product is saved that somebody else saves at the same time. */
const MOST_TRIES = 5;

export async function show({ main, params: [slug], query, signal }) {
  const isNew = slug === '_new';
  const [loaded, categories] = await Promise.all([
    isNew ? { data: null, etag: null } : get(productPath(slug), {}, signal),
    get('/api/categories', { status: can('products:read') ? 'all' : '' }, signal),
  ]);
  const page = new ProductPage(main, loaded, categories.data.data, signal);
  if (isNew && query.get('copy')) await page.copy(query.get('copy'));
  return { hasUnsaved: () => page.hasUnsaved };
}

class ProductPage {
  constructor(main, { data, etag }, categories, signal) {
    learnCurrency(data);
    this.main = main;
    this.signal = signal;
    this.etag = etag;
    this.saveButton = button(data ? t.save : t.product.create, () => this.save(), { kind: 'primary' });
    this.discardButton = button(t.product.discard, () => this.discard(), { kind: 'quiet' });
    this.state = h('p', { class: 'save-state', role: 'status' });
    this.form = new ProductForm(data, {
      categories,
      signal,
      canMoveStock: can('stock:write'),
      canWrite: can('products:write'),
      onchange: () => this.update(),
    });
    this.form.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.save();
    });
    this.history = h('div');
    this.draw();
    this.#listenToKeys();
  }

  get product() {
    return this.form.product;
  }

  get hasUnsaved() {
    return can('products:write') && (this.form.changes.length > 0 || this.form.isBusy);
  }

  draw() {
    const title = this.product ? this.product.title : t.product.newTitle;
    const focused = document.activeElement;
    fill(
      this.main,
      heading({ title, back: { address: 'products', label: t.pages.products }, actions: this.#actions() }),
      h(
        'div',
        { class: 'product-layout' },
        sectionLinks(this.form.sections),
        h('div', { class: 'stack' }, this.form.element, this.history),
      ),
      can('products:write') && h('div', { class: 'save-bar' }, this.state, this.discardButton, this.saveButton),
    );
    // The form is put into the page anew, which takes the focus from its fields.
    if (this.form.element.contains(focused) || focused === this.saveButton) focused.focus({ preventScroll: true });
    this.update();
    this.#drawAround();
  }

  #actions() {
    const preview = button(t.product.preview, () => showPreview(this.form, this.product), { icon: 'eye' });
    if (!this.product) return [preview];
    const content = (close) => [
      can('products:write') && menuItem(t.product.copy, 'copy', () => go(`products/_new?copy=${this.product.slug}`)),
      can('products:delete') && menuItem(t.product.remove, 'trash', () => (close(), this.remove())),
    ];
    const more = menu({
      label: '',
      name: t.product.more,
      icon: 'more',
      className: 'icon-button framed',
      align: 'end',
      content: (close) => listOf(content(close)),
    });
    return [preview, (can('products:write') || can('products:delete')) && more];
  }

  /** Loads what the form shows beside its fields. */
  #drawAround() {
    if (!this.product) return;
    const { element } = this.form;
    if (can('stock:write')) {
      fill(
        element.querySelector('.stock-link'),
        linkButton(t.product.ledger, `stock/${this.product.slug}`, { icon: 'layers', kind: 'quiet' }),
      );
    }
    otherVariants(this.product, this.signal).then(
      (links) => fill(element.querySelector('.variant-links'), links),
      showProblem,
    );
    if (can('changes:read'))
      fill(
        this.history,
        historyPanel(this.product, this.signal, () => this.reload().catch(showProblem)),
      );
  }

  update() {
    const { changes } = this.form;
    const isChanged = changes.length > 0;
    this.discardButton.hidden = !isChanged;
    this.state.textContent = isChanged ? t.product.unsaved(changes.length) : this.product ? t.product.allSaved : '';
    this.main.querySelector('.save-bar')?.classList.toggle('changed', isChanged);
  }

  /** Saves what has changed. */
  async save() {
    await busy(this.saveButton, async () => {
      if (this.form.isBusy) throw new Problem({ detail: t.pictures.wait });
      this.form.clearErrors();
      try {
        await (this.product ? this.#changeOrAsk() : this.#create());
      } catch (problem) {
        if (!problem.errors) throw problem;
        this.form.showErrors(problem);
      }
    });
  }

  async #create() {
    const values = this.form.read();
    const { data, etag } = await post('/api/products', bodyOf(values));
    this.etag = etag;
    this.form.load(data, values);
    const undo = async () => {
      await remove(`${productPath(data.slug)}?permanent=true`);
      go('products');
    };
    toast(t.product.created(data.title), { undo: can('products:delete') ? undo : undefined });
    if (!this.signal.aborted) go(`products/${data.slug}`);
  }

  /** Saves, and does so again after each save of somebody else, unless it is called off. */
  async #changeOrAsk() {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#change(this.form.read());
      } catch (problem) {
        if (problem.status !== 412 || tries === MOST_TRIES) throw problem;
      }
      if (!(await this.#resolve())) return;
    }
  }

  async #change(values) {
    const before = this.form.base;
    const changes = patchOf(before, values);
    if (Object.keys(changes).length === 0) return toast(t.product.nothingToSave);
    const { data, etag } = await patch(productPath(this.product.slug), changes, { ifMatch: this.etag });
    this.#take(data, etag, values);
    const undo = () => this.#undo(changedPaths(before, values), before, valuesOf(data));
    toast(t.product.saved(data.title), { undo });
  }

  /** Takes a state of the server. What was written since the values `sent` were read stays. */
  #take(product, etag, sent = this.form.base) {
    if (this.signal.aborted) return;
    this.etag = etag;
    this.form.load(product, sent);
    replaceAddress(`products/${product.slug}`);
    this.draw();
  }

  /** Writes what stood in these fields before a save, unless they were changed again since. */
  async #undo(paths, before, saved) {
    const current = await get(productPath(this.product.slug));
    const now = valuesOf(current.data);
    const same = paths.filter((path) => isSame(now.get(path), saved.get(path)));
    if (same.length > 0) {
      const back = patchOf(now, new Map([...now, ...same.map((path) => [path, before.get(path)])]));
      const { data, etag } = await patch(productPath(current.data.slug), back, { ifMatch: current.etag });
      this.#take(data, etag);
    }
    if (same.length < paths.length) throw new Problem({ detail: t.product.changedAgain(paths.length - same.length) });
  }

  /** Takes what somebody else has saved meanwhile, and asks if both have changed the same. Returns whether to save again. */
  async #resolve() {
    const { data, etag } = await get(productPath(this.product.slug));
    const versions = { base: this.form.base, mine: this.form.read(), theirs: valuesOf(data) };
    const chosen = isConflict(versions) && (await resolveConflict(versions));
    if (chosen === null || this.signal.aborted) return false;
    this.etag = etag;
    this.form.load(data, versions.base);
    if (chosen) this.form.write(chosen);
    this.update();
    return true;
  }

  async discard() {
    const yes = await confirm({
      title: t.product.discardTitle,
      text: t.product.discardText,
      yes: t.product.discard,
      danger: true,
    });
    if (!yes) return;
    this.form.clearErrors();
    this.form.write(this.form.base);
    this.update();
    announce(t.product.discarded);
  }

  async reload() {
    const { data, etag } = await get(productPath(this.product.slug), {}, this.signal);
    this.#take(data, etag);
  }

  /** Removes the product for good. Hiding it is a change like any other. */
  async remove() {
    const yes = await confirm({
      title: t.product.removeTitle(this.product.title),
      text: t.product.removeText,
      yes: t.product.remove,
      danger: true,
    });
    if (!yes) return;
    try {
      await remove(`${productPath(this.product.slug)}?permanent=true`, { ifMatch: this.etag });
      this.form.write(this.form.base);
      toast(t.product.removed(this.product.title));
      go('products');
    } catch (problem) {
      showProblem(problem);
    }
  }

  /** Begins a new product with the values of another one. */
  async copy(slug) {
    const { data } = await get(productPath(slug), {}, this.signal);
    // Numbers and addresses are one product's own, and stock is counted for each.
    const { slug: _slug, sku: _sku, gtin: _gtin, options: _options, ...rest } = data;
    this.form.write(
      valuesOf({ ...rest, stock_quantity: 0, title: t.product.copyOf(data.title), name: `${data.name} copy` }),
    );
    this.update();
    this.form.focus('title');
  }

  #listenToKeys() {
    const onKey = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      if (can('products:write')) this.save();
    };
    document.addEventListener('keydown', onKey, { signal: this.signal });
  }
}

const listOf = (items) => h('div', { class: 'menu-items' }, items);
