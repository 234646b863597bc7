// The columns of the table of products.

import { h, picture } from '../core/dom.js';
import { ago, money, moment, number } from '../core/format.js';
import { href } from '../core/router.js';
import { can } from '../core/session.js';
import { t } from '../texts.js';

/**
 * @typedef {object} Column
 * @property {string} id
 * @property {number} width The least width, in rem.
 * @property {number} [grows] Its share of the room that is left.
 * @property {string[]} fields The members of a product that it shows.
 * @property {(product: any) => any} show
 * @property {string} [sort] The order of the API that a click on its head chooses, and `other` that of a second click.
 * @property {string} [other]
 * @property {boolean} [isNumber]
 * @property {'price' | 'stock' | 'status'} [edit] What is edited in its cells, if the caller may.
 */

const text = (value) =>
  value === null || value === undefined || value === '' ? h('span', { class: 'faint' }, '–') : value;

/** @type {Column[]} */
export const COLUMNS = [
  {
    id: 'picture',
    width: 4,
    fields: ['media'],
    show: ({ media }) => picture(media?.[0]?.thumbnail ?? media?.[0]?.url, ''),
  },
  {
    id: 'title',
    width: 15,
    grows: 3,
    fields: ['title', 'slug', 'sku'],
    sort: 'name-asc',
    other: 'name-desc',
    show: titleCell,
  },
  { id: 'sku', width: 9, grows: 1, fields: ['sku'], show: ({ sku }) => text(sku) },
  { id: 'gtin', width: 9.5, fields: ['gtin'], show: ({ gtin }) => text(gtin) },
  {
    id: 'price',
    width: 8,
    fields: ['price', 'currency', 'list_price'],
    sort: 'price-asc',
    other: 'price-desc',
    isNumber: true,
    edit: 'price',
    show: priceCell,
  },
  {
    id: 'list_price',
    width: 8,
    fields: ['list_price', 'currency'],
    isNumber: true,
    show: ({ list_price: price, currency }) => text(price && money(price, currency)),
  },
  {
    id: 'unit_price',
    width: 9,
    fields: ['unit_price', 'currency'],
    sort: 'unit-price-asc',
    isNumber: true,
    show: ({ unit_price: unit, currency }) => text(unit && t.products.per(money(unit.price, currency), unit.per)),
  },
  {
    id: 'stock',
    width: 7.5,
    fields: ['stock_quantity', 'low_stock_at'],
    isNumber: true,
    edit: 'stock',
    show: stockCell,
  },
  {
    id: 'low_stock_at',
    width: 6,
    fields: ['low_stock_at'],
    isNumber: true,
    show: ({ low_stock_at: at }) => text(number(at)),
  },
  { id: 'status', width: 7.5, fields: ['is_active', 'publish_at', 'unpublish_at'], edit: 'status', show: statusCell },
  {
    id: 'categories',
    width: 10,
    grows: 1.2,
    fields: ['categories'],
    show: ({ categories }) => text(categories.map((category) => category.name).join(', ')),
  },
  {
    id: 'rating',
    width: 7,
    fields: ['rating'],
    sort: 'rating-desc',
    isNumber: true,
    show: ({ rating }) => text(rating.count > 0 && t.products.rating(rating.average.toFixed(1), rating.count)),
  },
  { id: 'brand', width: 8, fields: ['brand'], show: ({ brand }) => text(brand) },
  { id: 'group', width: 10, fields: ['group', 'options'], show: groupCell },
  { id: 'publish_at', width: 11, fields: ['publish_at'], show: ({ publish_at: at }) => text(moment(at)) },
  { id: 'unpublish_at', width: 11, fields: ['unpublish_at'], show: ({ unpublish_at: at }) => text(moment(at)) },
  { id: 'created_at', width: 9, fields: ['created_at'], sort: 'newest', show: ({ created_at: at }) => ago(at) },
  { id: 'updated_at', width: 9, fields: ['updated_at'], show: ({ updated_at: at }) => ago(at) },
];

/** The columns that are shown without a choice. */
const DEFAULT = ['picture', 'title', 'price', 'stock', 'status', 'categories'];
/** What every row has, whatever the columns. */
const ALWAYS = [
  'id',
  'slug',
  'title',
  'version',
  'price',
  'list_price',
  'currency',
  'stock_quantity',
  'is_active',
  'categories',
];

/** The ids of the columns of a choice; the title is always among them. */
export function chosenIds(choice) {
  const ids = choice.length > 0 ? choice : DEFAULT;
  return ids.includes('title') ? ids : ['title', ...ids];
}

/** The columns of a choice. */
export function columnsOf(choice) {
  const ids = chosenIds(choice);
  return COLUMNS.filter((column) => ids.includes(column.id));
}

/** Whether a choice is the one without a choice. */
export const isDefault = (ids) => ids.length === DEFAULT.length && DEFAULT.every((id) => ids.includes(id));

/** The members of products that columns need. On phones a row shows the main ones, whatever the columns. */
export function fieldsOf(columns) {
  const fields = columns.flatMap((column) => column.fields);
  return [...new Set([...ALWAYS, 'sku', 'low_stock_at', 'publish_at', 'unpublish_at', 'media', ...fields])];
}

/** Whether the caller may edit the cells of a column. */
export function isEditable(column) {
  if (!column.edit) return false;
  return column.edit === 'stock' ? can('stock:write') : can('products:write');
}

function titleCell({ title, slug, sku }) {
  return h(
    'a',
    { class: 'cell-title', href: href(`products/${encodeURIComponent(slug)}`), 'data-focus': '' },
    h('span', { class: 'clamp' }, title),
    sku && h('span', { class: 'small faint clamp-1' }, sku),
  );
}

function priceCell({ price, currency, list_price: before }) {
  const old = before && h('s', { class: 'small faint' }, money(before, currency));
  return h('span', { class: 'cell-price' }, money(price, currency), ' ', old);
}

function stockCell({ stock_quantity: stock, low_stock_at: low }) {
  if (stock === 0) return h('span', { class: 'badge bad' }, t.products.soldOut);
  const isLow = low !== null && low !== undefined && stock <= low;
  return h(
    'span',
    {},
    number(stock),
    h('span', { class: 'narrow-only small faint' }, ` ${t.products.inStock}`),
    isLow && [' ', h('span', { class: 'badge warn' }, t.products.low)],
  );
}

function statusCell({ is_active: isActive, publish_at: from, unpublish_at: until }) {
  const next = isActive ? until : from;
  return h(
    'span',
    { class: 'cell-status' },
    h('span', { class: isActive ? 'badge good' : 'badge' }, isActive ? t.products.active : t.products.inactive),
    next && [' ', h('span', { class: 'small faint' }, t.products.until(moment(next)))],
  );
}

function groupCell({ group, options }) {
  if (!group) return text(null);
  return h('span', { class: 'clamp' }, Object.values(options ?? {}).join(', ') || group);
}
