// Finds a product by what is printed on it.

import { get, productPath } from '../core/api.js';

const FIELDS = [
  'id',
  'slug',
  'title',
  'sku',
  'gtin',
  'stock_quantity',
  'low_stock_at',
  'price',
  'currency',
  'is_active',
  'media',
  'version',
];
const digits = (text) => text.replace(/^0+/, '');

/** Whether a product has a SKU, GTIN or slug. Scanners add zeros to GTINs, or leave them out. */
export function hasCode(product, code) {
  const plain = code.trim().toLowerCase();
  if (product.sku?.toLowerCase() === plain || product.slug === plain) return true;
  return /^\d{6,14}$/.test(plain) && Boolean(product.gtin) && digits(product.gtin) === digits(plain);
}

/** The active product with this SKU or GTIN, which a list does not search for. */
export async function exactMatch(text, signal) {
  const code = (text ?? '').trim();
  const looksLikeCode = /^[\w.-]{3,64}$/.test(code) && /\d/.test(code);
  if (!looksLikeCode) return null;
  const hits = await search(code, signal);
  return hits.find((product) => hasCode(product, code)) ?? null;
}

const search = async (text, signal) =>
  (await get('/api/products/search', { q: text.slice(0, 200), limit: 8, fields: FIELDS }, signal)).data.data;

/**
 * The products that a text may mean: exactly one if it is a SKU, GTIN or slug, else those that a search finds.
 * @returns {Promise<{ exact: any | null, hits: any[] }>}
 */
export async function lookUp(text, { withInactive, signal }) {
  const code = text.trim();
  if (!code) return { exact: null, hits: [] };
  const hits = await search(code, signal);
  const exact = hits.find((product) => hasCode(product, code));
  if (exact) return { exact, hits };
  // A search finds active products only. Lists find the others by their titles, and reads by their slugs.
  const bySlug = /^[a-z0-9-]+$/.test(code) ? await productOf(code, signal) : null;
  if (bySlug) return { exact: bySlug, hits };
  const others = withInactive ? await inactive(code, signal) : [];
  return { exact: others.find((product) => hasCode(product, code)) ?? null, hits: [...hits, ...others] };
}

async function productOf(slug, signal) {
  try {
    return (await get(productPath(slug), {}, signal)).data;
  } catch (problem) {
    if (problem.status === 404) return null;
    throw problem;
  }
}

async function inactive(text, signal) {
  const query = { search: text.slice(0, 200), status: 'inactive', limit: 8, fields: FIELDS };
  return (await get('/api/products', query, signal)).data.data;
}
