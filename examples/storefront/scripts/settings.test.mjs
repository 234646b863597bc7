// Starts the built shop front once more, with other settings and an API that is not complete. `scripts/try` starts the rest.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { createClient } from '@eggypro/client';

const { SHOP_URL, ADMIN_SECRET, SHOP_API_KEY, WEBHOOK_SECRET } = process.env;
const admin = createClient({ baseUrl: SHOP_URL, apiKey: ADMIN_SECRET });

/** A free port. */
async function freePort() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** A shop front for one test. */
async function start(t, settings) {
  const port = await freePort();
  const program = fileURLToPath(new URL('../node_modules/next/dist/bin/next', import.meta.url));
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const env = { ...process.env, ADMIN_SECRET: '', ...settings };
  const server = spawn(process.execPath, [program, 'start', '--port', String(port)], { cwd, env, stdio: 'ignore' });
  t.after(async () => {
    server.kill();
    await once(server, 'exit');
  });
  const url = `http://localhost:${port}`;
  for (let tries = 0; tries < 300; tries += 1) {
    if (await fetch(`${url}/robots.txt`).catch(() => undefined)) return url;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail('the shop front does not start');
}

/** The API without its JSON-LD. */
async function withoutJsonLd(t) {
  const server = createServer(async ({ url }, response) => {
    if (url.endsWith('/jsonld')) return void response.writeHead(404).end();
    const answer = await fetch(SHOP_URL + url, { headers: { Authorization: `Bearer ${SHOP_API_KEY}` } });
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('Content-Type') });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Sends the test event of the webhook, signed. */
async function post(url) {
  const body = JSON.stringify({ type: 'webhook.test' });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`1.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': '1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return fetch(`${url}/api/revalidate`, { method: 'POST', body, headers });
}

test('a wrong secret of the webhook is an error of the shop front', async (t) => {
  for (const secret of ['', ' , ', 'not-a-secret', `${WEBHOOK_SECRET},whsec_short`]) {
    assert.equal((await post(await start(t, { WEBHOOK_SECRET: secret }))).status, 503, secret);
  }
});

test('spaces around the secrets do not matter', async (t) => {
  assert.equal((await post(await start(t, { WEBHOOK_SECRET: ` ${WEBHOOK_SECRET} , ${WEBHOOK_SECRET}\n` }))).status, 204);
});

test('a product without JSON-LD has a page', async (t) => {
  const { data: product } = await admin.post('/api/products', {
    body: { name: 'No data', description: 'A.', details: 'B.', price: 2, ingredients: ['Egg'] },
  });
  const path = { slug: product.slug };
  t.after(() => admin.delete('/api/products/{slug}', { params: { path, query: { permanent: true } } }));
  const url = await start(t, { SHOP_URL: await withoutJsonLd(t) });
  const answer = await fetch(`${url}/products/${product.slug}`);
  assert.equal(answer.status, 200);
  const html = await answer.text();
  assert.match(html, /<h1>No data<\/h1>/);
  assert.doesNotMatch(html, /ld\+json/);
});
