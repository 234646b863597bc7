import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { WebhookError, WebhookVerifier } from '../src/index.js';

const ID = 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk';
const TIME = 1_649_367_553;
const BODY = '{"email":"test@example.com","username":"test_user"}';
const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const SIGNATURE = 'v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=';

const newSecret = (size = 32) => `whsec_${randomBytes(size).toString('base64')}`;
const headers = (signature: string, timestamp = String(TIME)) => ({
  'webhook-id': ID, 'webhook-timestamp': timestamp, 'webhook-signature': signature,
});
const verifier = (secrets: string | string[], now = TIME) => new WebhookVerifier(secrets, { now: () => now * 1000 });

function sign(secret: string, body = BODY): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${ID}.${TIME}.${body}`).digest('base64')}`;
}

test('the vector of the official libraries is verified', async () => {
  const expected = JSON.parse(BODY);
  assert.deepEqual(await verifier(SECRET).verify(BODY, headers(SIGNATURE)), expected);
  assert.deepEqual(await verifier(SECRET).verify(Buffer.from(BODY), new Headers(headers(SIGNATURE))), expected);
  const request = new Request('http://shop/', { method: 'POST', body: BODY, headers: headers(SIGNATURE) });
  assert.deepEqual(await verifier(SECRET).verifyRequest(request), expected);
  const odd = { 'Webhook-Id': [ID], 'Webhook-Timestamp': String(TIME), 'WEBHOOK-SIGNATURE': SIGNATURE };
  assert.deepEqual(await verifier(SECRET).verify(BODY, odd), expected);
});

test('either secret of a rotation is enough, on both sides', async () => {
  const [current, previous, other] = [newSecret(), newSecret(24), newSecret(64)];
  const both = headers(`v2,AAAA v1,? ${sign(current)} ${sign(previous)}`);
  await verifier(current).verify(BODY, both);
  await verifier(previous).verify(BODY, both);
  await verifier([other, previous]).verify(BODY, headers(sign(previous)));
  await assert.rejects(verifier(other).verify(BODY, both), WebhookError);
  await assert.rejects(verifier([current, other]).verify(BODY, headers(sign(previous))), WebhookError);
});

test('what was changed, is too old or is ahead is refused', async () => {
  const signed = headers(sign(SECRET));
  const refused = (verifying: Promise<unknown>) => assert.rejects(verifying, WebhookError);
  await refused(verifier(SECRET).verify(`${BODY} `, signed));
  await refused(verifier(SECRET).verify(BODY, { ...signed, 'webhook-id': '1' }));
  await refused(verifier(SECRET).verify(BODY, { ...signed, 'webhook-timestamp': String(TIME + 1) }));
  await refused(verifier(SECRET).verify(BODY, { ...signed, 'webhook-timestamp': 'now' }));
  await refused(verifier(SECRET).verify(BODY, { ...signed, 'webhook-signature': sign(SECRET).replace('v1', 'v2') }));
  await refused(verifier(SECRET).verify(BODY, { ...signed, 'webhook-signature': 'v1,' }));
  await refused(verifier(SECRET).verify(BODY, { 'webhook-id': ID }));
  await refused(verifier(SECRET, TIME + 301).verify(BODY, signed));
  await refused(verifier(SECRET, TIME - 301).verify(BODY, signed));
  await verifier(SECRET, TIME + 300).verify(BODY, signed);
  await verifier(SECRET, TIME - 300).verify(BODY, signed);
  await refused(verifier(SECRET).verify('no JSON', headers(sign(SECRET, 'no JSON'))));
});

test('other texts are not secrets', () => {
  const unpadded = newSecret(25).replace(/=+$/, '');
  for (const text of ['', SECRET.slice(6), 'whsec_', newSecret(23), newSecret(65), `${SECRET}!`, `${SECRET}\n`, unpadded]) {
    assert.throws(() => new WebhookVerifier(text), WebhookError, text);
  }
  assert.throws(() => new WebhookVerifier([]), WebhookError);
});
