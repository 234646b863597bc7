import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from '../src/index.js';
import { serializePath } from '../src/paths.js';
import { answerJson, fakeServer } from './support/fake-server.js';

test('a parameter that would lead to another address is refused, and nothing is sent', async (t) => {
  const { url, received } = await fakeServer(t, (_, response) => answerJson(response, 200, {}));
  const client = createClient({ baseUrl: url });
  for (const slug of ['', '.', '..', 'a/b', '/', '../categories', 'a\\b', '..\\..']) {
    await assert.rejects(client.get('/api/products/{slug}', { params: { path: { slug } } }), TypeError, slug);
    await assert.rejects(client.delete('/api/products/{slug}', { params: { path: { slug } } }), TypeError, slug);
    await assert.rejects(client.reviews(slug).first(), TypeError, slug);
  }
  for (const public_id of ['', '..', '.', 'a/../b', 'a//b', '/a', 'a/', './a', 'a\\b', 'a\\..\\b']) {
    await assert.rejects(client.delete('/api/images/{public_id}', { params: { path: { public_id } } }), TypeError, public_id);
  }
  const missing = client.get('/api/products/{slug}', { params: { path: {} } } as never);
  await assert.rejects(missing, { name: 'TypeError', message: /slug is missing/ });
  assert.equal(received.length, 0);
});

test('other parameters are encoded, and the id of an image keeps its slashes', () => {
  assert.equal(serializePath('/api/products/{slug}', { slug: 'a b?c#d%2e..' }), '/api/products/a%20b%3Fc%23d%252e..');
  assert.equal(serializePath('/api/reviews/{id}', { id: 7 }), '/api/reviews/7');
  assert.equal(serializePath('/api/images/{public_id}', { public_id: 'shop/é 1' }), '/api/images/shop/%C3%A9%201');
  const delivery = { id: 'one', event: 'two' };
  assert.equal(serializePath('/api/webhooks/{id}/deliveries/{event}/retry', delivery), '/api/webhooks/one/deliveries/two/retry');
});
