import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient, type Problem, ProblemError } from '../src/index.js';
import { pauseAfter } from '../src/events.js';
import { answerJson, answerProblem, fakeServer } from './support/fake-server.js';

const event = (id: string) => ({ id, type: 'product.updated', time: '', subject: '', data: { id: 1 } });

test('events go on from their cursor, through disconnects, outages and empty pages', async (t) => {
  const { url, received } = await fakeServer(t, ({ url }, response, count) => {
    const after = new URL(url, 'http://shop').searchParams.get('after');
    if (count % 2 === 0) return void response.destroy();
    if (count === 3) return answerProblem(response, 503, 'service-unavailable');
    if (after === null) return answerJson(response, 200, { data: [event('1'), event('2')], next_cursor: 'b' });
    if (after === 'b') return answerJson(response, 200, { data: [], next_cursor: 'c' });
    if (after === 'c') return answerJson(response, 200, { data: [event('3')], next_cursor: 'd' });
    answerProblem(response, 410, 'cursor-expired');
  });
  const events = createClient({ baseUrl: url, retries: 0 }).events({ types: ['product.updated'], wait: 1 });
  const seen: (string | undefined)[] = [];
  const reading = (async () => {
    for await (const { id } of events) seen.push(id, events.cursor);
  })();
  await assert.rejects(reading, { status: 410 });
  assert.deepEqual(seen, ['1', undefined, '2', undefined, '3', 'c']);
  assert.equal(events.cursor, 'd');
  assert.match(received[0]?.url ?? '', /^\/api\/events\?wait=1&types=product.updated$/);
});

test('the signal ends the wait for an event', async (t) => {
  const { url } = await fakeServer(t, () => {});
  const signal = AbortSignal.timeout(100);
  const reading = createClient({ baseUrl: url }).events({ signal })[Symbol.asyncIterator]().next();
  await assert.rejects(reading, { name: 'TimeoutError' });
});

test('no event after `latest` is lost, though each first request is cut', async (t) => {
  const log: string[] = [];
  const cut = new Set<string>();
  const { url } = await fakeServer(t, ({ url }, response) => {
    const query = new URL(url, 'http://shop').searchParams;
    const after = query.get('after') ?? '';
    if (!cut.has(url)) {
      cut.add(url);
      // An event happens while the request waits, and the connection breaks.
      if (query.get('wait') !== '0') log.push(String(log.length + 1));
      return void response.destroy();
    }
    const position = after === 'latest' ? log.length : Number(after);
    if (position === log.length && query.get('wait') !== '0') return;
    answerJson(response, 200, { data: log.slice(position).map(event), next_cursor: String(log.length) });
  });
  const events = createClient({ baseUrl: url }).events({ after: 'latest', signal: AbortSignal.timeout(5000) });
  const seen: string[] = [];
  for await (const { id } of events) {
    seen.push(id);
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen, ['1', '2', '3']);
});

test('empty pages that come at once are read with pauses that grow', async (t) => {
  const { url, received } = await fakeServer(t, (_, response) => answerJson(response, 200, { data: [], next_cursor: 'a' }));
  const events = createClient({ baseUrl: url }).events({ after: 'a', signal: AbortSignal.timeout(1000) });
  await assert.rejects(events[Symbol.asyncIterator]().next(), { name: 'TimeoutError' });
  assert.ok(received.length >= 2 && received.length < 40, `${received.length} requests`);
});

test('the cursor of `latest` is followed at once', async (t) => {
  const { url, received } = await fakeServer(t, ({ url }, response) => {
    if (/after=latest/.test(url)) answerJson(response, 200, { data: [], next_cursor: 'a' });
    else answerJson(response, 200, { data: [event('1')], next_cursor: 'b' });
  });
  const events = createClient({ baseUrl: url }).events({ after: 'latest', wait: 7 });
  for await (const { id } of events) {
    assert.equal(id, '1');
    break;
  }
  assert.deepEqual(received.map(({ url }) => url), ['/api/events?after=latest&wait=0', '/api/events?after=a&wait=7']);
});

test('a pause is as long as the server asks for, up to 15 minutes', async (t) => {
  const problem: Problem = { type: 'about:blank', status: 429, title: 'Too many', detail: 'Wait.' };
  const refusal = (seconds: number) => new ProblemError(problem, new Response(null, { headers: { 'Retry-After': `${seconds}` } }));
  for (const [asked, least] of [[2, 2000], [900, 900_000], [86_400, 900_000]] as const) {
    const pause = pauseAfter(refusal(asked), 1);
    assert.ok(pause >= least && pause <= least + 100, `${asked}: ${pause}`);
  }
  const { url } = await fakeServer(t, (_, response, count) => {
    if (count === 1) return answerProblem(response, 503, 'service-unavailable', { 'Retry-After': '1' });
    answerJson(response, 200, { data: [event('1')], next_cursor: 'b' });
  });
  const began = Date.now();
  for await (const _ of createClient({ baseUrl: url, retries: 0 }).events()) break;
  assert.ok(Date.now() - began >= 1000);
});

test("the client's time for a try counts for events too", async (t) => {
  const { url, received } = await fakeServer(t, () => {});
  const signal = AbortSignal.timeout(1500);
  const events = createClient({ baseUrl: url, timeout: 100 }).events({ after: 'a', wait: 0, signal });
  await assert.rejects(events[Symbol.asyncIterator]().next(), { name: 'TimeoutError' });
  assert.ok(received.length > 2, `${received.length} requests`);
});
