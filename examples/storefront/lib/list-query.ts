import type { ListQuery } from './shop';

export type SearchParams = Record<string, string | string[] | undefined>;

export const SORTS: Record<string, string> = {
  '': 'Best match or name',
  'price-asc': 'Price, low to high',
  'price-desc': 'Price, high to low',
  'rating-desc': 'Rating',
  newest: 'Newest',
  'protein-desc': 'Most protein',
  'unit-price-asc': 'Unit price',
};

const MOST = 20;

/** The query of an address. What no form of this shop sends is ignored, since anyone can write an address. */
export function parseQuery(parameters: SearchParams): ListQuery {
  const query: ListQuery = {};
  const q = one(parameters.q)?.trim().slice(0, 200);
  if (q) query.q = q;
  for (const name of ['category', 'diet', 'allergenFree'] as const) {
    const values = [parameters[name] ?? []].flat().filter((value) => /^[a-z0-9-]{1,100}$/.test(value));
    if (values.length > 0) query[name] = values.slice(0, MOST);
  }
  if (one(parameters.inStock) === 'true') query.inStock = true;
  const sort = one(parameters.sort);
  if (sort && Object.hasOwn(SORTS, sort)) query.sort = sort;
  const cursor = one(parameters.cursor);
  if (cursor) query.cursor = cursor;
  return query;
}

/** The address of the list with a query. */
export function hrefOf({ inStock, ...query }: ListQuery): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of [value ?? []].flat()) parameters.append(name, item);
  }
  if (inStock) parameters.set('inStock', 'true');
  const text = parameters.toString();
  return text ? `/?${text}` : '/';
}

function one(value: string | string[] | undefined): string | undefined {
  return [value].flat()[0] || undefined;
}
