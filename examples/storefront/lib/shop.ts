import 'server-only';

import { createClient, ProblemError, type Schemas } from '@eggypro/client';
import { cache } from 'react';

/** How long a page may be outdated if a webhook was lost, in seconds. */
const LONGEST_AGE = 300;

const options = {
  baseUrl: process.env.SHOP_URL ?? 'http://127.0.0.1:8080',
  ...(process.env.SHOP_API_KEY && { apiKey: process.env.SHOP_API_KEY }),
  timeout: 5_000,
  totalTimeout: 15_000,
};

/** For reads that Next.js keeps, and for writes. */
export const shop = createClient({ ...options, etags: { entries: 0 } });

/**
 * For lists and suggestions. There is no end of queries, and Next.js would keep each answer on the disk. This client keeps
 * the latest ones, and asks the API whether they have changed.
 */
const live = createClient(options);
const unkept = { cache: 'no-store' } as const;

/** What an answer shows. A webhook revalidates the pages with these tags (`lib/tags.ts`). */
const tagged = (...tags: string[]) => ({ next: { tags, revalidate: LONGEST_AGE } });

/** `undefined` instead of a 404. */
async function found<T>(call: Promise<{ data: T }>): Promise<T | undefined> {
  try {
    return (await call).data;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  }
}

/** A product, also by a former slug. Then its `slug` is another one. */
export const readProduct = cache((slug: string) =>
  found(shop.get('/api/products/{slug}', { params: { path: { slug } }, ...tagged(`product:${slug}`) })),
);

export const readJsonLd = (slug: string) =>
  found(shop.get('/api/products/{slug}/jsonld', { params: { path: { slug } }, ...tagged(`product:${slug}`) }));

export async function readReviews(slug: string): Promise<Schemas['ReviewPage'] | undefined> {
  const params = { path: { slug }, query: { limit: 20 } };
  return found(shop.get('/api/products/{slug}/reviews', { params, ...tagged(`product:${slug}`) }));
}

/** The products of a group, which are variants of one another. */
export async function readVariants(group: string): Promise<Pick<Schemas['Product'], 'slug' | 'title' | 'options'>[]> {
  const params = { query: { group, fields: ['slug' as const, 'title' as const, 'options' as const], limit: 50 } };
  return (await shop.get('/api/products', { params, ...tagged('products') })).data.data;
}

/** The slugs of the first products, whose pages are made by the build. */
export async function readSlugs(limit: number): Promise<string[]> {
  const params = { query: { fields: ['slug' as const], limit } };
  const { data } = await shop.get('/api/products', { params, ...tagged('products') });
  return data.data.map(({ slug }) => slug);
}

export const readCategories = cache(async () => (await shop.get('/api/categories', tagged('categories'))).data.data);

export type Listed = Pick<
  Schemas['Product'],
  'slug' | 'title' | 'price' | 'list_price' | 'currency' | 'unit_price' | 'media' | 'rating' | 'stock_quantity'
>;

const FIELDS = [
  'slug', 'title', 'price', 'list_price', 'currency', 'unit_price', 'media', 'rating', 'stock_quantity',
] as const satisfies (keyof Listed)[];
const FACETS = ['category', 'price', 'rating', 'stock', 'diet', 'allergen'] as const;

export interface ListQuery {
  q?: string;
  category?: string[];
  diet?: string[];
  allergenFree?: string[];
  inStock?: boolean;
  sort?: string;
  cursor?: string;
}

export interface ListPage {
  data: Listed[];
  facets?: Schemas['Facets'];
  pagination: Schemas['Pagination'];
}

/** A page of the list, or of what the text `q` finds. */
export async function readList({ q, sort, ...filters }: ListQuery): Promise<ListPage> {
  const query = { ...filters, sort: sort as never, fields: [...FIELDS], facets: [...FACETS], limit: 12 };
  if (q) return (await live.get('/api/products/search', { params: { query: { ...query, q } }, ...unkept })).data;
  return (await live.get('/api/products', { params: { query }, ...unkept })).data;
}

/** Products that may be meant by what was typed so far. */
export async function readSuggestions(q: string): Promise<Schemas['Suggestion'][]> {
  return (await live.get('/api/products/suggest', { params: { query: { q } }, ...unkept })).data.data;
}
