import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from '../src/index.js';
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
