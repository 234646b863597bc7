// Finds a product by what is printed on it.

import { get } from '../core/api.js';
import { can } from '../core/session.js';

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

/** The product with this SKU or GTIN, which a list does not search for. */
export async function exactMatch(text, signal) {
  const code = (text ?? '').trim();
  const looksLikeCode = /^[\w.-]{3,64}$/.test(code) && /\d/.test(code);
  if (!looksLikeCode) return null;
  const { exact } = await lookUp(code, signal);
  return exact;
}

/**
 * The products that a text may mean: exactly one if it is a SKU, GTIN or slug, else those that a search finds. Hidden ones
 * are among them if the caller may read them.
 * @returns {Promise<{ exact: any | null, hits: any[] }>}
 */
export async function lookUp(text, signal) {
  const code = text.trim();
  if (!code) return { exact: null, hits: [] };
  const status = can('products:read') ? 'all' : '';
  const query = { q: code.slice(0, 200), status, limit: 8, fields: FIELDS };
  const hits = (await get('/api/products/search', query, signal)).data.data;
  return { exact: hits.find((product) => hasCode(product, code)) ?? null, hits };
}
