// Takes a change of the log back: writes what stood before it.

import { call, get, patch, post, productPath, put } from '../core/api.js';
import { confirm } from '../core/dialog.js';
import { can } from '../core/session.js';
import { Problem } from '../core/problem.js';
import { toast } from '../core/toast.js';
import { t } from '../texts.js';
import { TIMES, loggedName, loggedText } from './values.js';

/** Values that a question names are cut. */
const CUT = 100;
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

/** Takes a change back. Returns false if it was changed again since, and the answer to the question of that is no. */
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
  if (!(await mayOverwrite(fields, membersNow(product), 'product'))) return false;
  let latest = product;
  if (Object.keys(body).length > 0) {
    latest = (await patch(productPath(product.slug), body, { ifMatch: etag })).data;
  }
  // Sales may have moved the stock since, so the difference is taken back, not the number.
  if (stock && stock[0] !== stock[1]) {
    await post(`${productPath(latest.slug)}/stock`, { change: stock[0] - stock[1], reason: 'correction' });
  }
  return true;
}

/** Asks before something is overwritten that was changed after the entry of the log. */
async function mayOverwrite(diff, now, resource) {
  const newer = namedMembers(diff, now, resource);
  if (newer.length === 0) return true;
  return confirm({ title: t.changes.newerTitle, text: t.changes.newer(newer), yes: t.undo, danger: true });
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
  if ('categories' in diff) {
    const { slugs, missing } = await slugsOf(before('categories') ?? []);
    if (missing.length > 0) throw new Problem({ detail: t.changes.noCategories(missing) });
    body.categories = slugs;
  }
  if ('images' in diff || 'alt_texts' in diff) Object.assign(body, pictures(diff, product));
  if ('options' in diff) body.options = options(diff);
  if ('seo_title' in diff) body.seo = { title: before('seo_title') };
  if ('seo_description' in diff) body.seo = { ...body.seo, description: before('seo_description') };
  return body;
}

/** The log has the names of categories, of which some may be missing now. */
async function slugsOf(names) {
  if (names.length === 0) return { slugs: [], missing: [] };
  const { data } = await get('/api/categories', { status: can('products:read') ? 'all' : '' });
  const slugs = new Map(data.data.map((category) => [category.name, category.slug]));
  return {
    slugs: names.map((name) => slugs.get(name)).filter(Boolean),
    missing: names.filter((name) => !slugs.has(name)),
  };
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

/**
 * Makes a removed product again, hidden, so that someone looks at it first. Its stored pictures and reviews are gone, and
 * maybe some of its categories.
 */
async function bringBack({ diff }) {
  const { images, alt_texts: _texts, options: pairs, categories, ...fields } = diff;
  const { slugs, missing } = await slugsOf(categories?.[0] ?? []);
  const known = {
    ...(await bodyOf(fields, {})),
    categories: slugs,
    images: (images?.[0] ?? []).filter((url) => !url.includes('eggypro-products/')),
    options: Object.fromEntries(pairs?.[0] ?? []),
    stock_quantity: diff.stock_quantity?.[0] ?? 0,
    is_active: false,
  };
  await post('/api/products', Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)));
  if (missing.length > 0) toast(t.changes.noCategories(missing), { kind: 'bad' });
}

async function undoCategory({ resource_id: id, diff }) {
  const { data } = await get('/api/categories', { status: can('products:read') ? 'all' : '' });
  const found = data.data.find((one) => one.id === id);
  if (!found) throw new Problem({ detail: t.changes.gone });
  const path = `/api/categories/${encodeURIComponent(found.slug)}`;
  const { data: category, etag } = await get(path);
  if (!(await mayOverwrite(diff, category, 'category'))) return false;
  const { name, slug, description, is_active: isActive } = category;
  const before = Object.fromEntries(Object.entries(diff).map(([key, [value]]) => [key, value]));
  await put(path, { name, slug, description, is_active: isActive, ...before }, { ifMatch: etag });
  return true;
}

/** A product's members as the log has them. */
function membersNow(product) {
  const { categories, media = [], options, seo } = product;
  const texts = media.filter((one) => one.alt_text).map((one) => [one.url, one.alt_text]);
  return {
    ...product,
    categories: (categories ?? []).map((category) => category.name).sort(),
    alt_texts: Object.fromEntries(texts),
    options: Object.entries(options ?? {}),
    seo_title: seo?.title ?? null,
    seo_description: seo?.description ?? null,
  };
}

/** The members of a diff that now are neither what it made of them nor what they were before it, with what they are. */
function namedMembers(diff, now, resource) {
  // What the caller may not see is not there.
  const newer = Object.keys(diff).filter((name) => name in now && name !== 'version' && isNewer(name, diff[name], now));
  return newer.map((name) => `${loggedName(name, resource)}: ${cut(loggedText(now[name], name))}`);
}

function isNewer(name, values, now) {
  // A product without a title of its own has its name as title.
  const logged = values.map((value) => (name === 'title' ? (value ?? now.name) : value));
  const present = comparable(name, now[name]);
  return !logged.some((value) => comparable(name, value) === present);
}

/** A value as a text that is the same for the same values: the log and the API write times and orders differently. */
function comparable(name, value) {
  if (TIMES.includes(name)) return String(value && Date.parse(value));
  const isSet = name === 'categories' || name === 'options';
  return JSON.stringify(isSet ? (value ?? []).map(sorted).sort() : sorted(value ?? null));
}

/** A value with the members of its objects in order, without those that are null. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const parts = Object.entries(value).filter(([, part]) => part !== null);
  return parts.map(([name, part]) => [name, sorted(part)]).sort(([one], [other]) => (one < other ? -1 : 1));
}

const cut = (text) => (text.length > CUT ? `${text.slice(0, CUT)}…` : text);
