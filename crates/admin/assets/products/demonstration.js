// Loads the demonstration catalogue, whose numbers are texts, so that no decimal is lost on the way.

import { call, post } from '../core/api.js';

/** Loads the catalogue into an empty shop. */
export async function loadDemonstration(signal) {
  const catalogue = await (await fetch(new URL('../demonstration.json', import.meta.url), { signal })).json();
  for (const category of catalogue.categories) await add(category, signal);
  const operations = catalogue.products.map((product) => ({ action: 'create', body: written(product) }));
  await post('/api/products/bulk', { operations }, { signal });
}

/** Adds a category, unless there is one of this slug. */
async function add(category, signal) {
  try {
    await call('POST', '/api/categories', { body: category, signal });
  } catch (problem) {
    if (problem.status !== 409) throw problem;
  }
}

/** A product of the catalogue as the API takes it: without reviews, which shoppers write, and without its picture. */
function written({ reviews, alt_text, ...product }) {
  const { net_content, food, options = [], list_price } = product;
  const nutrition = Object.entries(food.nutrition ?? {}).map(([name, text]) => [name, name === 'basis' ? text : Number(text)]);
  return {
    ...product,
    price: Number(product.price),
    list_price: list_price && Number(list_price),
    net_content: { ...net_content, value: Number(net_content.value) },
    food: { ...food, nutrition: food.nutrition && Object.fromEntries(nutrition) },
    options: Object.fromEntries(options),
  };
}
