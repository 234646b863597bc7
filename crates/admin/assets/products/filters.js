// The filters of the table of products.

import { fill, h } from '../core/dom.js';
import { checkbox, decimalInput, field, group, select, textInput } from '../core/fields.js';
import { number } from '../core/format.js';
import { button } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { menu } from '../core/menu.js';
import { can } from '../core/session.js';
import { t } from '../texts.js';
import { COLUMNS, chosenIds, isDefault } from './columns.js';
import { ALLERGENS, DIETS, SORTS, activeFilters, withoutFilters } from './query.js';

/**
 * The filters behind a button, and those that are set as chips.
 * @param {{ query: () => any, categories: () => any[], facets: () => any, apply: (changes: any) => void }} context
 */
export function filterMenu(context) {
  return menu({ label: t.filters.name, icon: 'filter', className: 'button', content: () => panel(context) });
}

function panel({ query, categories, facets, apply }) {
  const counts = new Map((facets()?.category ?? []).map((category) => [category.slug, category.count]));
  const current = query();
  const boxes = (name, values, text) =>
    h(
      'div',
      { class: 'checks' },
      values.map((value) => box(current, name, value, text(value), apply)),
    );
  const named = new Map(categories().map((category) => [category.slug, category.name]));
  const categoryText = (slug) => [
    named.get(slug),
    counts.has(slug) && h('span', { class: 'count' }, number(counts.get(slug))),
  ];
  return h(
    'div',
    { class: 'filter-panel' },
    named.size > 0 &&
      group({ label: t.filters.category, controls: boxes('category', [...named.keys()], categoryText) }),
    can('products:read') &&
      group({
        label: t.filters.stock,
        controls: boxes('stock', ['low', 'out'], (value) => t.filters.stocks[value]),
      }),
    range(current, apply),
    h('details', {}, h('summary', {}, t.filters.more), moreFilters(current, apply, boxes)),
  );
}

function box(current, name, value, text, apply) {
  const root = checkbox(text, { checked: current[name].includes(value) });
  root.input.addEventListener('change', () => {
    const others = current[name].filter((other) => other !== value);
    current[name] = root.input.checked ? [...others, value] : others;
    apply({ [name]: current[name] });
  });
  return root;
}

function range(current, apply) {
  return h(
    'div',
    { class: 'row wrap' },
    input(current, 'minPrice', decimalInput({ class: 'short' }), apply),
    input(current, 'maxPrice', decimalInput({ class: 'short' }), apply),
    input(current, 'minRating', decimalInput({ class: 'short' }), apply),
  );
}

function moreFilters(current, apply, boxes) {
  return h(
    'div',
    { class: 'stack' },
    group({ label: t.filters.diet, controls: boxes('diet', DIETS, (diet) => t.diets[diet]) }),
    group({
      label: t.filters.allergenFree,
      controls: boxes('allergenFree', ALLERGENS, (name) => t.allergens[name]),
    }),
    h(
      'div',
      { class: 'row wrap' },
      input(current, 'minProtein', decimalInput({ class: 'short' }), apply),
      input(current, 'group', textInput(), apply),
    ),
  );
}

function input(current, name, control, apply) {
  control.value = current[name];
  control.addEventListener('change', () => apply({ [name]: control.value.trim().replace(',', '.') }));
  return field({ label: t.filters[name], control });
}

/** The filters that are set, each with a button that takes it away. */
export function chips({ query, categories, replace }) {
  const current = query();
  const active = activeFilters(current, categories());
  if (active.length === 0) return [];
  const one = ({ text, without }) =>
    h(
      'button',
      { type: 'button', class: 'chip', 'aria-label': t.filters.remove(text), onclick: () => replace(without) },
      text,
      icon('cross', 'icon small-icon'),
    );
  return [active.map(one), button(t.filters.clear, () => replace(withoutFilters(current)), { kind: 'link' })];
}

/** The order of the list. */
export function sortSelect(sort, apply) {
  const choices = SORTS.map((name) => [name, t.sorts[name]]);
  const control = select(choices, sort, { class: 'sort-select', 'aria-label': t.sortBy });
  control.addEventListener('change', () => apply({ sort: control.value }));
  return control;
}

/** Chooses the columns. */
export function columnMenu(query, apply) {
  const content = () => {
    const ids = new Set(chosenIds(query().columns));
    const root = h('div', { class: 'stack column-panel' });
    const boxes = COLUMNS.filter((column) => column.id !== 'title').map((column) => {
      const one = checkbox(t.columns[column.id], { checked: ids.has(column.id) });
      one.input.addEventListener('change', () => {
        if (one.input.checked) ids.add(column.id);
        else ids.delete(column.id);
        apply({ columns: isDefault([...ids]) ? [] : [...ids] });
      });
      return one;
    });
    return fill(root, group({ label: t.columnsShown, controls: h('div', { class: 'checks' }, boxes) }));
  };
  return menu({
    label: '',
    name: t.chooseColumns,
    icon: 'columns',
    className: 'icon-button framed wide-only',
    align: 'end',
    content,
  });
}
