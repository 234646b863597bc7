import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from '../src/index.js';
import { answerJson, fakeServer } from './support/fake-server.js';

const path = { slug: 'eggs' };

test('the tag of an answer can be used for a write, even if a proxy has made it weak', async (t) => {
  const { url, received } = await fakeServer(t, (_, response) => answerJson(response, 200, {}, { ETag: 'W/"7"' }));
  const client = createClient({ baseUrl: url });
  const { etag } = await client.get('/api/products/{slug}', { params: { path } });
  assert.equal(etag, '"7"');
  await client.get('/api/products/{slug}', { params: { path } });
  assert.equal(received[1]?.headers['if-none-match'], 'W/"7"');
});

test('a condition without a value is refused, and nothing is sent', async (t) => {
  const { url, received } = await fakeServer(t, (_, response) => answerJson(response, 200, {}));
  const client = createClient({ baseUrl: url });
  const body = { price: 11 };
  for (const value of [undefined, null, '']) {
    for (const name of ['If-Match', 'if-match']) {
      const header = { [name]: value } as Record<string, string>;
      const isRefused = { name: 'TypeError', message: /If-Match/ };
      await assert.rejects(client.patch('/api/products/{slug}', { params: { path, header }, body }), isRefused);
      await assert.rejects(client.patch('/api/products/{slug}', { params: { path }, headers: header, body }), isRefused);
    }
  }
  assert.equal(received.length, 0);
  await client.patch('/api/products/{slug}', { params: { path, header: { 'If-Match': '"7"' } }, body });
  assert.equal(received[0]?.headers['if-match'], '"7"');
});
