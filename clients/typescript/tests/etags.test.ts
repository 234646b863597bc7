import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient, type EtagOptions } from '../src/index.js';
import { answerJson, fakeServer } from './support/fake-server.js';

/** A server whose answers have their address as tag, and a client that reads products by their slugs. */
async function shop(t: Parameters<typeof fakeServer>[0], etags?: EtagOptions, headers: Record<string, string> = {}) {
  const { url, received } = await fakeServer(t, (request, response) => {
    const etag = `"${request.url}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { ETag: etag, 'X-Request-Id': 'second' }).end();
    answerJson(response, 200, { slug: request.url }, { ETag: etag, 'X-Request-Id': 'first', ...headers });
  });
  const client = createClient({ baseUrl: url, ...(etags && { etags }) });
  const read = (slug: string) => client.get('/api/products/{slug}', { params: { path: { slug } } });
  return { client, received, read };
}

const tags = (received: { headers: Record<string, unknown> }[]) => received.map(({ headers }) => headers['if-none-match']);

test('a read that is repeated gets the kept body of a 304', async (t) => {
  const { received, read } = await shop(t);
  const first = await read('eggs');
  const second = await read('eggs');
  assert.deepEqual(tags(received), [undefined, '"/api/products/eggs"']);
  assert.deepEqual(second.data, first.data);
  assert.equal(second.etag, '"/api/products/eggs"');
  assert.equal(second.response.status, 200);
  assert.equal(second.response.headers.get('X-Request-Id'), 'second');
  assert.deepEqual((await read('eggs')).data, first.data);
});

test('the memory is bounded by entries and by bytes', async (t) => {
  // A body has 28 bytes.
  for (const limits of [{ entries: 2 }, { bytes: 60 }]) {
    const { received, read } = await shop(t, limits);
    for (const slug of ['1', '2', '1', '3', '1', '2']) await read(slug);
    const one = '"/api/products/1"';
    // 2 was used longest ago when 3 came.
    assert.deepEqual(tags(received), [undefined, undefined, one, undefined, one, undefined]);
  }
});

test('answers that must not be stored are not kept, and the memory can be turned off', async (t) => {
  for (const { received, read } of [await shop(t, {}, { 'Cache-Control': 'no-store' }), await shop(t, { entries: 0 })]) {
    await read('eggs');
    await read('eggs');
    assert.deepEqual(tags(received), [undefined, undefined]);
  }
});

test("a caller's own condition is left to the caller", async (t) => {
  const { client, read } = await shop(t);
  const { etag } = await read('eggs');
  const { response, data } = await client.get('/api/products/{slug}', {
    params: { path: { slug: 'eggs' }, header: { 'If-None-Match': etag! } },
  });
  assert.equal(response.status, 304);
  assert.equal(data, undefined);
});
