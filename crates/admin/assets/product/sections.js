// The parts of the form of a product, grouped as people think of a product.

import { fill, h } from '../core/dom.js';
import { money } from '../core/format.js';
import { t } from '../texts.js';
import { DIETS } from '../products/query.js';
import * as control from './controls.js';
import { allergenControls, nutritionControls } from './food.js';
import { optionsControl } from './options.js';
import { picturesControl } from './pictures.js';

const UNITS = ['g', 'kg', 'ml', 'l', 'piece'];
/** How many of a unit the price of a unit is for, and the unit that it is told in. */
const FACTORS = { g: [1000, 'kg'], kg: [1, 'kg'], ml: [1000, 'l'], l: [1, 'l'], piece: [1, 'piece'] };

/**
 * @typedef {object} Sections
 * @property {Map<string, import('./controls.js').Control>} controls By path.
 * @property {{ id: string, element: HTMLElement }[]} sections
 */

/**
 * Draws the sections.
 * @param {{ categories: any[], signal: AbortSignal, canMoveStock: boolean, canWrite: boolean, isNew: boolean }} context
 * @returns {Sections}
 */
export function drawSections(context) {
  const controls = new Map();
  const add = (path, one) => {
    controls.set(path, one);
    return one.element;
  };
  const sections = [
    section('shoppers', shoppers(add, context)),
    section('pictures', [add('pictures', picturesControl(context))]),
    section('price', prices(add, controls)),
    section('stock', stock(add, context)),
    section('food', food(add, controls)),
    section('variants', variants(add)),
    section('search', searchEngines(add, controls)),
    section('dates', dates(add)),
  ];
  return { controls, sections };
}

function section(id, content) {
  const heading = `section-${id}`;
  const element = h(
    'section',
    { class: 'card section', 'aria-labelledby': heading, data: { section: id } },
    h('h2', { id: heading, tabindex: '-1' }, t.sections[id]),
    content,
  );
  return { id, element };
}

const label = (path) => ({ label: t.fields[path], hint: t.fieldHints[path] });
const required = (path) => ({ ...label(path), isRequired: true });

function shoppers(add, { categories }) {
  return [
    add('title', control.text(required('title'), { maxlength: 255 })),
    add('description', control.longText(required('description'))),
    add('details', control.longText(required('details'), { rows: 6 })),
    add('ingredients', control.lines(label('ingredients'))),
    add(
      'categories',
      control.several(
        label('categories'),
        categories.map((category) => [category.slug, category.name]),
      ),
    ),
    add('brand', control.text(label('brand'))),
    h(
      'details',
      { class: 'more-fields' },
      h('summary', {}, t.product.address),
      add('name', control.text(required('name'))),
      add('slug', control.text(required('slug'))),
    ),
  ];
}

function prices(add, controls) {
  const unit = h('p', { class: 'notice', hidden: true });
  const elements = [
    h(
      'div',
      { class: 'row wrap top' },
      add('price', control.price(label('price'))),
      add('list_price', control.price(label('list_price'))),
    ),
    h(
      'div',
      { class: 'row wrap top' },
      add('net_content.value', control.decimal(label('net_content.value'))),
      add(
        'net_content.unit',
        control.choice(
          label('net_content.unit'),
          UNITS.map((name) => [name, t.units[name]]),
        ),
      ),
    ),
    unit,
  ];
  const box = h('div', { class: 'stack' }, elements);
  box.addEventListener('input', () => showUnitPrice(unit, controls));
  box.refresh = () => showUnitPrice(unit, controls);
  return box;
}

/** Shows the price of a kilogram or litre, which the API computes from the price and the content. */
function showUnitPrice(element, controls) {
  const [price, content, unit] = ['price', 'net_content.value', 'net_content.unit'].map((path) =>
    controls.get(path).read(),
  );
  const isKnown = typeof price === 'number' && typeof content === 'number' && content > 0;
  element.hidden = !isKnown;
  if (!isKnown) return;
  const [factor, per] = FACTORS[unit];
  fill(element, t.product.unitPrice(money((price * factor) / content), t.oneUnit[per]));
}

function stock(add, { canMoveStock, isNew }) {
  const quantity = control.whole(label('stock_quantity'));
  // Deliveries and counts belong to the page of the stock, which knows what each movement was for.
  if (!isNew && !canMoveStock) quantity.element.input.readOnly = true;
  return [
    h(
      'div',
      { class: 'row wrap top' },
      add('stock_quantity', quantity),
      add('low_stock_at', control.whole(label('low_stock_at'))),
    ),
    h(
      'div',
      { class: 'row wrap top' },
      add('sku', control.text(label('sku'))),
      add('gtin', control.text(label('gtin'), { inputmode: 'numeric' })),
    ),
    h('div', { class: 'stock-link' }),
  ];
}

function food(add, controls) {
  const [allergens, traces] = allergenControls();
  controls.set('food.may_contain', traces);
  const nutrition = nutritionControls();
  for (const [path, one] of nutrition.controls) controls.set(path, one);
  return [
    add('food.allergens', allergens),
    add(
      'food.diets',
      control.several(
        label('food.diets'),
        DIETS.map((diet) => [diet, t.diets[diet]]),
      ),
    ),
    nutrition.element,
    h(
      'div',
      { class: 'row wrap top' },
      add('food.origin_country', control.text(label('food.origin_country'), { class: 'short', maxlength: 2 })),
      h('div', { class: 'grow' }, add('food.storage', control.text(label('food.storage')))),
    ),
  ];
}

const variants = (add) => [
  add('group', control.text(label('group'))),
  add('options', optionsControl()),
  h('div', { class: 'variant-links' }),
];

function searchEngines(add, controls) {
  const title = add('seo.title', control.text(label('seo.title'), { maxlength: 70 }));
  const description = add('seo.description', control.longText(label('seo.description'), { rows: 2, maxlength: 200 }));
  const preview = h('div', { class: 'search-preview', 'aria-hidden': 'true' });
  const box = h('div', { class: 'stack' }, title, description, preview);
  box.refresh = () => {
    const read = (path) => controls.get(path).read();
    fill(
      preview,
      h('span', { class: 'search-title clamp-1' }, read('seo.title') || read('title')),
      h('span', { class: 'small faint clamp-1' }, t.product.searchPath(location.hostname, read('slug') ?? '')),
      h('span', { class: 'small clamp' }, read('seo.description') || read('description')),
    );
  };
  return box;
}

function dates(add) {
  const summary = h('p', { class: 'notice dates-summary' });
  return [
    add('is_active', statusControl()),
    h(
      'div',
      { class: 'row wrap top' },
      add('publish_at', control.time(label('publish_at'))),
      add('unpublish_at', control.time(label('unpublish_at'))),
    ),
    summary,
  ];
}

function statusControl() {
  const base = control.choice(label('is_active'), [
    ['true', t.product.active],
    ['false', t.product.inactive],
  ]);
  return {
    ...base,
    read: () => base.element.input.value === 'true',
    write: (value) => (base.element.input.value = String(value ?? true)),
  };
}
