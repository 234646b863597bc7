import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ConnectionError, createClient, ProblemError } from '../src/index.js';
import { delayBefore, parseRetryAfter, sleep } from '../src/retries.js';
import { answerJson, answerProblem, fakeServer } from './support/fake-server.js';

const product = { slug: 'eggs' };
const path = { slug: 'eggs' };

test('delays double, are random, and come on top of what the server asks for', () => {
  const longest = [1, 2, 3, 4, 20].map((retry) => delayBefore(retry, 0, () => 1));
  assert.deepEqual(longest, [100, 200, 400, 800, 10_000]);
  assert.equal(delayBefore(3, 0, () => 0), 0);
  assert.equal(delayBefore(1, 2000, () => 0.5), 2050);
});

test('Retry-After has seconds or a date', () => {
  const now = Date.parse('2026-01-05T10:00:00Z');
  assert.equal(parseRetryAfter('7', now), 7000);
  assert.equal(parseRetryAfter('Mon, 05 Jan 2026 10:00:30 GMT', now), 30_000);
  assert.equal(parseRetryAfter('Mon, 05 Jan 2026 09:00:00 GMT', now), 0);
  assert.equal(parseRetryAfter('soon', now), undefined);
  assert.equal(parseRetryAfter(null, now), undefined);
});

test('a read is repeated after a disconnect, half an answer and an outage', async (t) => {
  const { url, received } = await fakeServer(t, (_, response, count) => {
    if (count === 1) return void response.destroy();
    if (count === 2) {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
      response.write('{"slug":');
      return void setTimeout(() => response.destroy(), 10);
    }
    if (count === 3) return answerProblem(response, 503, 'service-unavailable', { 'Retry-After': '0' });
    answerJson(response, 200, product);
  });
  const { data } = await createClient({ baseUrl: url }).get('/api/products/{slug}', { params: { path } });
  assert.deepEqual(data, product);
  assert.equal(received.length, 4);
  assert.ok(received.every(({ headers }) => !headers['idempotency-key']));
});

test('all tries of a write have the same key and the same body, and each write has its own key', async (t) => {
  const { url, received } = await fakeServer(t, (_, response, count) => {
    if (count % 2 === 1) return void response.destroy();
    answerJson(response, 201, { id: 1 });
  });
  const client = createClient({ baseUrl: url });
  const file = new Blob(['a picture'], { type: 'image/png' });
  await client.post('/api/products/{slug}/stock', { params: { path }, body: { change: -1, reason: 'sale' } });
  await client.post('/api/products/{slug}/images', { params: { path }, body: { file: [file, file] } });
  await client.delete('/api/products/{slug}', { params: { path } });
  await client.post('/api/reservations/{id}/confirm', { params: { path: { id: '1' } }, idempotencyKey: 'order-7' });

  const pairs = [0, 2, 4, 6].map((index) => received.slice(index, index + 2) as [(typeof received)[0], (typeof received)[0]]);
  for (const [first, second] of pairs) {
    assert.equal(first.headers['idempotency-key'], second.headers['idempotency-key']);
    assert.equal(first.body, second.body);
    assert.equal(first.headers['content-type'], second.headers['content-type']);
  }
  const keys = pairs.map(([first]) => first.headers['idempotency-key']);
  assert.equal(new Set(keys).size, 4);
  assert.equal(keys[3], 'order-7');
  assert.match(keys[0] as string, /^[0-9a-f-]{36}$/);
  assert.equal(pairs[0]?.[0].body, '{"change":-1,"reason":"sale"}');
  assert.match(pairs[1]?.[0].body ?? '', /a picture[^]*a picture/);
  assert.equal(pairs[2]?.[0].headers['content-type'], undefined);
});

test('a write whose first try still runs waits for its answer', async (t) => {
  const { url, received } = await fakeServer(t, (_, response, count) => {
    if (count === 1) return answerProblem(response, 409, 'idempotency-in-flight', { 'Retry-After': '1' });
    answerJson(response, 201, { id: 1 });
  });
  const began = Date.now();
  await createClient({ baseUrl: url }).post('/api/stock', { body: { reason: 'sale', lines: [] } });
  assert.equal(received.length, 2);
  assert.ok(Date.now() - began >= 1000);
});

test('the wait for the first try of a write is bounded by the total time, not by the retries', async (t) => {
  const { url, received } = await fakeServer(t, (_, response, count) => {
    if (count <= 4) return answerProblem(response, 409, 'idempotency-in-flight', { 'Retry-After': '0' });
    answerJson(response, 201, { id: 1 });
  });
  await createClient({ baseUrl: url, retries: 1 }).post('/api/stock', { body: { reason: 'sale', lines: [] } });
  assert.equal(received.length, 5);
  assert.equal(new Set(received.map(({ headers }) => headers['idempotency-key'])).size, 1);

  const stuck = await fakeServer(t, (_, response) => answerProblem(response, 409, 'idempotency-in-flight', { 'Retry-After': '0' }));
  const call = createClient({ baseUrl: stuck.url, totalTimeout: 500 }).post('/api/stock', { body: { reason: 'sale', lines: [] } });
  await assert.rejects(call, { kind: 'idempotency-in-flight' });
});

test('times may be infinite', async (t) => {
  const { url, received } = await fakeServer(t, (_, response) => void setTimeout(() => answerJson(response, 200, {}), 50));
  const client = createClient({ baseUrl: url, timeout: Infinity, totalTimeout: Infinity, retries: 0 });
  await client.get('/api/categories');
  assert.equal(received.length, 1);

  const stop = new AbortController();
  const sleeping = sleep(Infinity, stop.signal).then(() => 'woken', () => 'stopped');
  setTimeout(() => stop.abort(), 50);
  assert.equal(await sleeping, 'stopped');
});

test('what does not pass is not repeated', async (t) => {
  for (const [status, kind] of [[404, 'not-found'], [409, 'insufficient-stock'], [500, 'internal-error']] as const) {
    const { url, received } = await fakeServer(t, (_, response) => answerProblem(response, status, kind));
    const call = createClient({ baseUrl: url }).get('/api/categories');
    await assert.rejects(call, (error) => error instanceof ProblemError && error.kind === kind);
    assert.equal(received.length, 1);
  }
});

test('a call ends when its tries or its time are used up', async (t) => {
  const dead = await fakeServer(t, (_, response) => void response.destroy());
  const call = createClient({ baseUrl: dead.url, retries: 2 }).get('/api/categories');
  await assert.rejects(call, (error) => error instanceof ConnectionError && error.tries === 3 && error.cause instanceof Error);
  assert.equal(dead.received.length, 3);

  const busy = await fakeServer(t, (_, response) => answerProblem(response, 429, 'too-many-requests', { 'Retry-After': '900' }));
  await assert.rejects(createClient({ baseUrl: busy.url }).get('/api/categories'), { status: 429 });
  assert.equal(busy.received.length, 1);

  const silent = await fakeServer(t, () => {});
  const began = Date.now();
  const options = { timeout: 100, totalTimeout: 350, retries: 100 };
  await assert.rejects(createClient({ baseUrl: silent.url, ...options }).get('/api/categories'), ConnectionError);
  assert.ok(Date.now() - began < 1000);
  assert.ok(silent.received.length >= 2);
});

test('the signal ends a try and a delay', async (t) => {
  for (const handler of [
    () => {},
    (_: unknown, response: Parameters<typeof answerProblem>[0]) =>
      answerProblem(response, 503, 'service-unavailable', { 'Retry-After': '30' }),
  ]) {
    const { url } = await fakeServer(t, handler);
    const stop = new AbortController();
    const reason = new Error('stopped');
    setTimeout(() => stop.abort(reason), 100);
    const began = Date.now();
    const call = createClient({ baseUrl: url }).get('/api/categories', { signal: stop.signal });
    await assert.rejects(call, (error) => error === reason);
    assert.ok(Date.now() - began < 1000);
  }
});

test('a stream is sent once', async (t) => {
  const { url, received } = await fakeServer(t, (_, response) => answerProblem(response, 503, 'service-unavailable'));
  const call = createClient({ baseUrl: url }).post('/api/imports', {
    body: new Blob(['sku,price\n']).stream(),
    headers: { 'Content-Type': 'text/csv' },
  });
  await assert.rejects(call, { status: 503 });
  assert.deepEqual(received.map(({ body }) => body), ['sku,price\n']);
});
