// Which products the table shows. The address holds it, so that a list can be kept as a bookmark and sent to others.

import { queryText } from '../core/api.js';
import { can } from '../core/session.js';
import { t } from '../texts.js';

export const SORTS = [
  'name-asc',
  'name-desc',
  'price-asc',
  'price-desc',
  'newest',
  'rating-desc',
  'protein-desc',
  'unit-price-asc',
  'protein-price-asc',
];
export const ALLERGENS = [
  'gluten',
  'crustaceans',
  'eggs',
  'fish',
  'peanuts',
  'soybeans',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
];
export const DIETS = ['vegetarian', 'vegan', 'gluten-free', 'lactose-free', 'halal', 'kosher'];

/** The filters that are lists. */
const LISTS = ['category', 'stock', 'allergenFree', 'diet'];
/** The other filters. */
const SINGLES = ['search', 'status', 'minPrice', 'maxPrice', 'minRating', 'minProtein', 'group'];
const DEFAULT_SORT = 'name-asc';

/**
 * @typedef {Record<string, any> & { sort: string, columns: string[] }} Query Filters by the API's names, the sort, and the
 * columns that are shown.
 */

/** Reads the query of an address. */
export function readQuery(parameters) {
  const query = { sort: parameters.get('sort') ?? DEFAULT_SORT, columns: listOf(parameters.get('columns')) };
  for (const name of LISTS) query[name] = listOf(parameters.get(name));
  for (const name of SINGLES) query[name] = parameters.get(name) ?? '';
  return query;
}

const listOf = (text) => (text ? text.split(',') : []);

/** The address of a query. */
export function addressOf(query) {
  const sort = query.sort === DEFAULT_SORT ? '' : query.sort;
  return `products${queryText({ ...query, sort }).replaceAll('%2C', ',')}`;
}

/** The parameters for the API. Callers who may read all products see all of them unless they choose. */
export function parametersOf(query) {
  const { columns, ...parameters } = query;
  if (!can('products:read')) delete parameters.stock;
  return { ...parameters, status: can('products:read') ? query.status || 'all' : '' };
}

/** The filters that are set, each with its text and what the query is without it. */
export function activeFilters(query, categories) {
  const names = new Map(categories.map((category) => [category.slug, category.name]));
  const lists = LISTS.flatMap((name) =>
    query[name].map((value) => ({
      text: t.filters.chip(name, names.get(value) ?? value),
      without: { ...query, [name]: query[name].filter((other) => other !== value) },
    })),
  );
  const singles = SINGLES.filter((name) => name !== 'search' && name !== 'status' && query[name]);
  return [
    ...lists,
    ...singles.map((name) => ({ text: t.filters.chip(name, query[name]), without: { ...query, [name]: '' } })),
  ];
}

/** The query without the filters that chips show. */
export function withoutFilters(query) {
  const { search, status, sort, columns } = query;
  return { ...readQuery(new URLSearchParams()), search, status, sort, columns };
}

/** Whether a query shows all products. */
export const isWhole = (query) => !query.search && !query.status && activeFilters(query, []).length === 0;
