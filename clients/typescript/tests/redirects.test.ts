import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient, ProblemError } from '../src/index.js';
import { answerJson, fakeServer } from './support/fake-server.js';

const body = { change: -1, reason: 'sale' };

test('a redirected read is followed', async (t) => {
  const { url, received } = await fakeServer(t, (_, response, count) => {
    if (count === 1) return void response.writeHead(308, { Location: '/api/products/new' }).end();
    answerJson(response, 200, { slug: 'new' });
  });
  const { data } = await createClient({ baseUrl: url }).get('/api/products/{slug}', { params: { path: { slug: 'old' } } });
  assert.equal(data.slug, 'new');
  assert.equal(received.length, 2);
});

test('a redirected write fails, and is sent nowhere else', async (t) => {
  for (const status of [301, 302, 303, 307, 308]) {
    const { url, received } = await fakeServer(t, (_, response, count) => {
      if (count === 1) return void response.writeHead(status, { Location: '/api/elsewhere' }).end();
      answerJson(response, 200, { id: 1 });
    });
    const client = createClient({ baseUrl: url });
    const call = client.post('/api/products/{slug}/stock', { params: { path: { slug: 'eggs' } }, body });
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof ProblemError);
      assert.equal(error.status, status);
      assert.match(error.message, /redirected to \/api\/elsewhere/);
      return true;
    });
    assert.equal(received.length, 1);
  }
});

test('a redirect that a browser hides fails as well', async () => {
  let sent = 0;
  const hidden = async (request: Request): Promise<Response> => {
    sent += 1;
    assert.equal(request.redirect, 'manual');
    return Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } });
  };
  const call = createClient({ baseUrl: 'http://shop', fetch: hidden }).delete('/api/categories/{slug}', {
    params: { path: { slug: 'snacks' } },
  });
  await assert.rejects(call, { name: 'ProblemError', status: 0, message: /redirected/ });
  assert.equal(sent, 1);
});
