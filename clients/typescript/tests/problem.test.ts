import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient, ProblemError } from '../src/index.js';
import { answerJson, fakeServer } from './support/fake-server.js';

test('a failed call throws the problem of its answer', async (t) => {
  const errors = [{ field: 'price', message: 'Price must be positive' }];
  const problem = {
    type: 'urn:eggypro:problem:validation-failed', title: 'Unprocessable Entity', status: 422, detail: 'Wrong.', errors,
  };
  const { url } = await fakeServer(t, (_, response) => answerJson(response, 422, problem, { 'X-Request-Id': '7' }));
  const error = await createClient({ baseUrl: url }).get('/api/categories').catch((error: unknown) => error);
  assert.ok(error instanceof ProblemError);
  assert.equal(error.kind, 'validation-failed');
  assert.equal(error.status, 422);
  assert.deepEqual(error.errors, errors);
  assert.equal(error.requestId, '7');
  assert.equal(error.message, '422 Unprocessable Entity: Wrong.');
});

test('an answer that is not a problem becomes one', async (t) => {
  for (const body of ['<html>', '', 'null', '{"error":1}']) {
    const { url } = await fakeServer(t, (_, response) => void response.writeHead(500).end(body));
    const call = createClient({ baseUrl: url }).get('/api/categories');
    await assert.rejects(call, { status: 500, kind: 'about:blank', message: /500 Internal Server Error/ });
  }
});
