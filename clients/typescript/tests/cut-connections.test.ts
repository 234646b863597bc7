import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from '../src/index.js';
import { cuttingProxy } from './support/cutting-proxy.js';
import { admin, createProduct, needsShop, shopUrl } from './support/shop.js';

const MOVEMENTS = 300;
const AT_ONCE = 10;

test('each of many movements happens once, though connections are cut', needsShop, async (t) => {
  const { slug } = await createProduct({ stock_quantity: MOVEMENTS });
  const proxy = await cuttingProxy(t, shopUrl);
  const client = createClient({ baseUrl: proxy.url, apiKey: process.env['EGGYPRO_SECRET']!, retries: 30 });

  const references = Array.from({ length: MOVEMENTS }, (_, index) => `order-${index}`);
  const waiting = references.values();
  const sell = async (): Promise<void> => {
    for (const reference of waiting) {
      const body = { change: -1, reason: 'sale', reference };
      const { data } = await client.post('/api/products/{slug}/stock', { params: { path: { slug } }, body });
      assert.equal(data.reference, reference);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sell));

  const sold: string[] = [];
  for await (const { reference, reason } of admin().movements(slug, { limit: 100 })) {
    if (reason === 'sale') sold.push(reference ?? '');
  }
  assert.deepEqual(sold.sort(), references.sort());
  const { data } = await admin().get('/api/products/{slug}', { params: { path: { slug } } });
  assert.equal(data.stock_quantity, 0);
  assert.ok(proxy.cuts() > MOVEMENTS / 10, `${proxy.cuts()} cuts`);
});
