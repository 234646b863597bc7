// Takes a change of the log back: writes what stood before it.

import { call, get, patch, post, productPath } from '../core/api.js';
import { can } from '../core/session.js';
import { Problem } from '../core/problem.js';
import { t } from '../texts.js';

/** Members of a product's diff that are written as they are. */
const PLAIN = [
  'name',
  'slug',
  'description',
  'details',
  'price',
  'ingredients',
  'is_active',
  'title',
  'sku',
  'gtin',
  'brand',
  'list_price',
  'net_content',
  'food',
  'group',
  'publish_at',
  'unpublish_at',
  'low_stock_at',
];

/** Whether the caller can take a change back. */
export function canUndo({ resource, action, diff }) {
  if (resource === 'product' && action === 'updated') {
    const isStock = Object.keys(diff).every((name) => name === 'stock_quantity');
    return Object.keys(diff).some(isUndoable) && can(isStock ? 'stock:write' : 'products:write');
  }
  if (resource === 'product' && action === 'deleted') return can('products:write');
  if (resource === 'category' && action === 'updated') return can('products:write');
  return resource === 'review' && action === 'updated' && 'is_verified' in diff && can('reviews:moderate');
}

const isUndoable = (name) => name !== 'rating_counts' && name !== 'version';

/** Takes a change back. */
export async function undoChange(change) {
  if (change.resource === 'review') {
    return call('PATCH', `/api/reviews/${change.resource_id}`, {
      body: { is_verified: change.diff.is_verified[0] },
    });
  }
  if (change.resource === 'category') return undoCategory(change);
  return change.action === 'deleted' ? bringBack(change) : undoProduct(change);
}

async function undoProduct(change) {
  const { data: product, etag } = await findProduct(change);
  const { stock_quantity: stock, ...fields } = change.diff;
  const body = await bodyOf(fields, product);
  let latest = product;
  if (Object.keys(body).length > 0) {
    latest = (await patch(productPath(product.slug), body, { ifMatch: etag })).data;
  }
  // Sales may have moved the stock since, so the difference is taken back, not the number.
  if (stock && stock[0] !== stock[1]) {
    await post(`${productPath(latest.slug)}/stock`, { change: stock[0] - stock[1], reason: 'correction' });
  }
}

/** The product of a change, which may have another slug now. */
async function findProduct({ resource_id: id, slug, diff }) {
  const { data } = await get('/api/products', {
    ids: [id],
    status: can('products:read') ? 'all' : '',
    fields: ['slug'],
  });
  const current = data.data[0]?.slug ?? diff.slug?.[1] ?? slug;
  const found = await get(productPath(current));
  if (found.data.id !== id) throw new Problem({ detail: t.changes.gone });
  return found;
}

/** What stood before, as the API takes it. The log has some fields as columns. */
async function bodyOf(diff, product) {
  const before = (name) => diff[name]?.[0] ?? null;
  const body = {};
  for (const name of PLAIN) if (name in diff) body[name] = before(name);
  if ('categories' in diff) body.categories = await slugsOf(before('categories') ?? []);
  if ('images' in diff || 'alt_texts' in diff) Object.assign(body, pictures(diff, product));
  if ('options' in diff) body.options = options(diff);
  if ('seo_title' in diff) body.seo = { title: before('seo_title') };
  if ('seo_description' in diff) body.seo = { ...body.seo, description: before('seo_description') };
  return body;
}

/** The log has the names of categories. */
async function slugsOf(names) {
  if (names.length === 0) return [];
  const { data } = await get('/api/categories', { status: can('products:read') ? 'all' : '' });
  const slugs = new Map(data.data.map((category) => [category.name, category.slug]));
  return names.map((name) => slugs.get(name)).filter(Boolean);
}

function pictures(diff, product) {
  const images = diff.images?.[0] ?? product.images;
  const known = Object.fromEntries((product.media ?? []).map((one) => [one.url, one.alt_text]));
  const texts = diff.alt_texts?.[0] ?? known;
  return { images, media: images.map((url) => ({ alt_text: texts[url] ?? null })) };
}

/** Options that came with the change are named, or the merge patch would leave them. */
function options({ options: [before, after] }) {
  const gone = (after ?? []).map(([name]) => [name, null]);
  return Object.fromEntries([...gone, ...(before ?? [])]);
}

/** Makes a removed product again, hidden, so that someone looks at it first. Its stored pictures and reviews are gone. */
async function bringBack({ diff }) {
  const { images, alt_texts: _texts, options: pairs, ...fields } = diff;
  const known = {
    ...(await bodyOf(fields, {})),
    images: (images?.[0] ?? []).filter((url) => !url.includes('eggypro-products/')),
    options: Object.fromEntries(pairs?.[0] ?? []),
    stock_quantity: diff.stock_quantity?.[0] ?? 0,
    is_active: false,
  };
  await post('/api/products', Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)));
}

async function undoCategory({ resource_id: id, diff }) {
  const { data } = await get('/api/categories', { status: can('products:read') ? 'all' : '' });
  const category = data.data.find((one) => one.id === id);
  if (!category) throw new Problem({ detail: t.changes.gone });
  const { name, slug, description, is_active: isActive } = category;
  const before = Object.fromEntries(Object.entries(diff).map(([key, [value]]) => [key, value]));
  const body = { name, slug, description, is_active: isActive, ...before };
  await call('PUT', `/api/categories/${encodeURIComponent(slug)}`, { body });
}
