import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';

import { createClient, isGone, ProblemError, WebhookVerifier, type Event, type WebhookEvent } from '../src/index.js';
import { sleep } from '../src/retries.js';
import { cuttingProxy } from './support/cutting-proxy.js';
import { admin, createProduct, needsShop, shopper, shopUrl } from './support/shop.js';

test('a product is created, read, changed under a condition and deleted', needsShop, async () => {
  const { slug } = await createProduct({ price: 12.5 });
  const params = { path: { slug } };
  const { data, etag } = await shopper().get('/api/products/{slug}', { params });
  assert.equal(data.price, 12.5);
  assert.ok(etag);

  const condition = { ...params, header: { 'If-Match': etag } };
  const changed = await admin().patch('/api/products/{slug}', { params: condition, body: { price: 11 } });
  assert.equal(changed.data.version, data.version + 1);
  const outdated = admin().patch('/api/products/{slug}', { params: condition, body: { price: 10 } });
  await assert.rejects(outdated, (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.status, 412);
    assert.equal(error.problem.current_etag, changed.etag);
    return true;
  });
  const deleted = await admin().delete('/api/products/{slug}', { params: { ...params, query: { permanent: true } } });
  assert.equal(deleted.data, undefined);
  await assert.rejects(shopper().get('/api/products/{slug}', { params }), { status: 404, kind: 'not-found' });
});

test('every invalid field is reported', needsShop, async () => {
  const error = await createProduct({ price: -1, ingredients: [] }).catch((error: unknown) => error);
  assert.ok(error instanceof ProblemError);
  assert.equal(error.kind, 'validation-failed');
  assert.deepEqual(error.errors.map(({ field }) => field).sort(), ['ingredients', 'price']);
});

test('the same key makes the same movement', needsShop, async () => {
  const { slug } = await createProduct({ stock_quantity: 10 });
  const sell = () =>
    admin().post('/api/products/{slug}/stock', {
      params: { path: { slug } },
      body: { change: -1, reason: 'sale' },
      idempotencyKey: `sale of ${slug}`,
    });
  const [first, second] = [await sell(), await sell()];
  assert.equal(first.data.id, second.data.id);
  assert.equal(second.response.headers.get('Idempotent-Replayed'), 'true');
  assert.equal(second.data.balance, 9);
});

test('pages go on behind products that come and go', needsShop, async () => {
  const group = `group-${crypto.randomUUID()}`;
  const create = (size: number) => createProduct({ group, options: { Size: String(size) }, price: size });
  const slugs: string[] = [];
  for (const size of [10, 20, 30, 40, 50]) slugs.push((await create(size)).slug);

  const seen: string[] = [];
  for await (const product of shopper().products({ group, sort: 'price-asc', limit: 2, fields: ['slug'] })) {
    assert.deepEqual(Object.keys(product), ['slug']);
    seen.push(product.slug);
    if (seen.length === 2) {
      await create(5);
      const path = { slug: slugs[0]! };
      await admin().delete('/api/products/{slug}', { params: { path } });
    }
  }
  assert.deepEqual(seen, slugs);

  const page = await shopper().products({ group, limit: 1, facets: ['stock'] }).first();
  assert.equal(page.pagination.total, 5);
  assert.equal(page.facets?.stock?.out_of_stock, 5);
});

test('reviews, searches and movements are lists as well', needsShop, async () => {
  const word = `x${crypto.randomUUID().replaceAll('-', '')}`;
  const { slug } = await createProduct({ name: word, stock_quantity: 3 });
  const body = { reviewer_name: 'Ada', rating: 5, comment: 'Good.' };
  await shopper().post('/api/products/{slug}/reviews', { params: { path: { slug } }, body });
  const reviewers: string[] = [];
  for await (const review of admin().reviews(slug, { verified: 'all' })) reviewers.push(review.reviewer_name);
  assert.deepEqual(reviewers, ['Ada']);
  const found = await shopper().search({ q: word }).first();
  assert.deepEqual(found.data.map((hit) => hit.slug), [slug]);
  for await (const movement of admin().movements(slug)) assert.equal(movement.change, 3);
});

test('a read that is repeated costs no body, and shows changes', needsShop, async () => {
  const { slug } = await createProduct();
  const statuses: number[] = [];
  const counting = async (request: Request): Promise<Response> => {
    const response = await fetch(request);
    statuses.push(response.status);
    return response;
  };
  const client = createClient({ baseUrl: shopUrl, fetch: counting });
  const read = () => client.get('/api/products/{slug}', { params: { path: { slug } } });
  const first = await read();
  assert.deepEqual((await read()).data, first.data);
  await admin().patch('/api/products/{slug}', { params: { path: { slug } }, body: { price: 1 } });
  assert.equal((await read()).data.price, 1);
  assert.deepEqual(statuses, [200, 304, 200]);
});

test('a lost connection after `latest` loses no event', needsShop, async (t) => {
  const { slug } = await createProduct({ stock_quantity: 100 });
  const proxy = await cuttingProxy(t, shopUrl);
  const client = createClient({ baseUrl: proxy.url, apiKey: process.env['EGGYPRO_SECRET']! });
  const events = client.events({ after: 'latest', types: ['stock.moved'], wait: 2, signal: AbortSignal.timeout(60_000) });
  let sold = 0;
  const reading = (async () => {
    for await (const { data } of events) {
      if ('slug' in data && data.slug === slug) sold += 1;
      if (sold === 20) break;
    }
  })();
  while (events.cursor === 'latest') await sleep(20);
  for (let count = 0; count < 20; count += 1) {
    await admin().post('/api/products/{slug}/stock', { params: { path: { slug } }, body: { change: -1, reason: 'sale' } });
  }
  await reading;
  assert.equal(sold, 20);
});

test('an export is a stream, and an import takes one', needsShop, async () => {
  const { slug, id } = await createProduct({ sku: `T-${Date.now()}` });
  const stream = await admin().stream('/api/products/export', { params: { query: { format: 'csv', ids: [id] } } });
  const csv = await new Response(stream).text();
  assert.match(csv, new RegExp(slug));
  const { data } = await admin().post('/api/imports', {
    params: { query: { format: 'csv', dry_run: true } },
    body: new Blob([csv]).stream(),
    headers: { 'Content-Type': 'text/csv' },
  });
  for (;;) {
    const { data: state } = await admin().get('/api/imports/{id}', { params: { path: { id: data.id } } });
    if (state.status === 'running') continue;
    assert.equal(state.status, 'done');
    assert.equal(state.unchanged, 1);
    return;
  }
});

test('events arrive as they happen', needsShop, async () => {
  const { data } = await admin().get('/api/events', { params: { query: { after: 'latest' } } });
  const following = admin().events({ after: data.next_cursor, types: ['product.created', 'product.deleted'], wait: 5 });
  const { slug, id } = await createProduct();
  const path = { slug };
  await admin().delete('/api/products/{slug}', { params: { path, query: { permanent: true } } });
  const mine: Event[] = [];
  for await (const event of following) {
    if (event.data.id === id) mine.push(event);
    if (event.data.id === id && event.type === 'product.deleted') break;
  }
  assert.deepEqual(mine.map(({ type }) => type), ['product.created', 'product.deleted']);
  assert.ok(mine.every(({ data }) => isGone(data)));
});

test('a webhook is verified', needsShop, async (t) => {
  let verifier: WebhookVerifier | undefined;
  const received: Promise<WebhookEvent>[] = [];
  const receiver = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    received.push(verifier!.verify(body, request.headers));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  t.after(() => receiver.close());
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const { data: webhook } = await admin().post('/api/webhooks', { body: { url, types: ['product.created'] } });
  const path = { id: webhook.id };

  verifier = new WebhookVerifier(webhook.secret);
  const { data: result } = await admin().post('/api/webhooks/{id}/test', { params: { path } });
  assert.equal(result.status, 204);
  assert.equal((await received[0])?.type, 'webhook.test');

  const { data: rotated } = await admin().post('/api/webhooks/{id}/secret', { params: { path } });
  verifier = new WebhookVerifier(rotated.secret);
  await admin().post('/api/webhooks/{id}/test', { params: { path } });
  assert.equal((await received[1])?.type, 'webhook.test');
  await admin().delete('/api/webhooks/{id}', { params: { path } });
});

test('pictures are uploaded as a form', needsShop, async () => {
  const { slug } = await createProduct();
  const text = new Blob(['This is not a picture.'], { type: 'image/png' });
  const upload = admin().post('/api/products/{slug}/images', { params: { path: { slug } }, body: { file: [text] } });
  await assert.rejects(upload, { status: 415 });
  const base64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';
  const picture = new Blob([Buffer.from(base64, 'base64')], { type: 'image/png' });
  const { data } = await admin().post('/api/products/{slug}/images', {
    params: { path: { slug } },
    body: { file: [picture, picture] },
  });
  assert.equal(data.images.length, 2);
  for (const { public_id } of data.images) {
    await admin().delete('/api/images/{public_id}', { params: { path: { public_id } } });
  }
});
