// The values of the form of a product, and the merge patch (RFC 7396) that makes one state of another.
//
// Values are kept by their path in the body of the API, such as `food.nutrition.fat`. Their types: texts, numbers, booleans,
// lists, and null for what is not stated. A number that can't be read stays a text, and the API says what is wrong with it.

export const NUTRIENTS = [
  'energy_kj',
  'energy_kcal',
  'fat',
  'saturates',
  'carbohydrate',
  'sugars',
  'fibre',
  'protein',
  'salt',
  'serving_size',
];

const TEXTS = ['title', 'name', 'slug', 'description', 'details'];
const NULLABLE = ['brand', 'sku', 'gtin', 'group', 'price', 'list_price', 'low_stock_at', 'publish_at', 'unpublish_at'];
const FOOD = ['allergens', 'may_contain', 'diets', 'origin_country', 'storage'];
const SEO = ['title', 'description'];
/** The fields that the API refuses null for; an empty one is sent as it is, so that the API says so. */
const REQUIRED = new Set(['name', 'slug', 'description', 'details', 'price', 'ingredients']);

/** @typedef {Map<string, any>} Values */

/**
 * The values of a product.
 * @returns {Values}
 */
export function valuesOf(product) {
  const values = new Map();
  for (const name of TEXTS) values.set(name, product[name] ?? '');
  for (const name of NULLABLE) values.set(name, product[name] ?? null);
  values.set('is_active', product.is_active ?? true);
  values.set('stock_quantity', product.stock_quantity ?? 0);
  values.set('ingredients', product.ingredients ?? []);
  values.set('categories', (product.categories ?? []).map((category) => category.slug).sort());
  values.set('net_content.value', product.net_content?.value ?? null);
  values.set('net_content.unit', product.net_content?.unit ?? 'g');
  foodValues(values, product.food);
  for (const name of SEO) values.set(`seo.${name}`, product.seo?.[name] ?? null);
  values.set('options', Object.entries(product.options ?? {}));
  values.set('pictures', picturesOf(product));
  return values;
}

function foodValues(values, food) {
  for (const name of FOOD)
    values.set(`food.${name}`, food?.[name] ?? (name === 'may_contain' || name === 'diets' ? [] : null));
  for (const name of ['food.allergens', 'food.may_contain', 'food.diets'])
    values.set(name, values.get(name)?.slice().sort() ?? null);
  values.set('food.nutrition.basis', food?.nutrition?.basis ?? '100 g');
  for (const name of NUTRIENTS) values.set(`food.nutrition.${name}`, food?.nutrition?.[name] ?? null);
}

/** The pictures of a product: address, text, and what is shown in the form. */
function picturesOf(product) {
  const media = product.media ?? [];
  return (product.images ?? []).map((url, index) => ({
    url,
    alt: media[index]?.alt_text ?? '',
    thumbnail: media[index]?.thumbnail ?? url,
  }));
}

/** Whether two values are the same. */
export const isSame = (one, other) => JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));

/** Of pictures only what is written. An empty text is the same as none. */
function comparable(value) {
  if (Array.isArray(value) && value[0]?.url) return value.map(({ url, alt }) => [url, alt]);
  return value === '' ? null : value;
}

/** The paths whose values differ. */
export function changedPaths(before, after) {
  return [...after.keys()].filter((path) => !isSame(before.get(path), after.get(path)));
}

/**
 * The merge patch that makes a product with values `before` one with values `after`.
 * @param {Values} before
 * @param {Values} after
 */
export function patchOf(before, after) {
  const paths = changedPaths(before, after);
  const patch = {};
  for (const path of paths) place(patch, path, after, before);
  if (paths.some((path) => path.startsWith('food.'))) emptyParts(patch, after);
  return patch;
}

/** The body of a new product. */
export function bodyOf(values) {
  const body = patchOf(new Map(), values);
  for (const name of ['food', 'seo']) if (body[name] === null) delete body[name];
  for (const [name, value] of Object.entries(body)) if (value === null) delete body[name];
  if (body.slug === '') delete body.slug;
  return body;
}

function place(patch, path, after, before) {
  const value = after.get(path);
  const [first, ...rest] = path.split('.');
  if (first === 'pictures') Object.assign(patch, picturesPatch(value));
  else if (first === 'options') patch.options = optionsPatch(before.get('options') ?? [], value);
  else if (first === 'net_content') patch.net_content = contentPatch(after);
  else if (rest.length === 0) patch[first] = plain(path, value);
  else put((patch[first] ??= {}), rest, plain(path, value));
}

function plain(path, value) {
  if (value === '' && !REQUIRED.has(path)) return null;
  return value;
}

function put(object, [first, ...rest], value) {
  if (rest.length === 0) object[first] = value;
  else put((object[first] ??= {}), rest, value);
}

const picturesPatch = (pictures) => ({
  images: pictures.map(({ url }) => url),
  media: pictures.map(({ alt }) => ({ alt_text: alt.trim() || null })),
});

/** Options that are gone must be named, or a merge patch would leave them. */
function optionsPatch(before, after) {
  const gone = before.map(([name]) => [name, null]);
  return Object.fromEntries([...gone, ...after.filter(([name, value]) => name || value)]);
}

function contentPatch(after) {
  const value = after.get('net_content.value');
  return value === null ? null : { value, unit: after.get('net_content.unit') };
}

/** Food without a single fact, and nutrition without a number, are stated as null. */
function emptyParts(patch, after) {
  const isEmpty = (path) => [null, ''].includes(after.get(path)) || after.get(path)?.length === 0;
  const hasNumbers = NUTRIENTS.some((name) => after.get(`food.nutrition.${name}`) !== null);
  // An empty list of allergens is a fact: there are none.
  const hasFacts = after.get('food.allergens') !== null || FOOD.slice(1).some((name) => !isEmpty(`food.${name}`));
  if (!hasNumbers && !hasFacts) patch.food = null;
  else if (!hasNumbers && patch.food?.nutrition) patch.food.nutrition = null;
  else if (hasNumbers && patch.food?.nutrition) patch.food.nutrition.basis = after.get('food.nutrition.basis');
}

/** The path of the form that an error of the API belongs to. */
export function pathOfError(field) {
  if (/^(images|media)\b/.test(field)) return 'pictures';
  const plainPath = field.replace(/\[\d+\]/g, '');
  if (plainPath.startsWith('options')) return 'options';
  if (plainPath === 'net_content') return 'net_content.value';
  if (plainPath === 'food') return 'food.allergens';
  if (plainPath === 'food.nutrition') return 'food.nutrition.basis';
  return plainPath;
}

/** A name of ASCII letters for a title, as the API wants one. */
export function nameFor(title) {
  const special = { ß: 'ss', æ: 'ae', Æ: 'AE', ø: 'o', Ø: 'O', œ: 'oe', Œ: 'OE', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' };
  const letters = title
    .replace(/[ßæÆøØœŒłŁđĐ]/g, (letter) => special[letter])
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
  return letters
    .replace(/[^a-zA-Z0-9 _-]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, 255);
}

/** The address that the API makes of a name. */
export const slugFor = (name) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
