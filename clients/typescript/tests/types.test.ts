import { test } from 'node:test';

import { createClient, isGone, type Gone, type Schemas } from '../src/index.js';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const isSame = <A, B>(same: Same<A, B>): void => void same;

/** It is compiled, not called. */
export async function types(): Promise<void> {
  const client = createClient({ baseUrl: '' });

  const { data } = await client.get('/api/products/{slug}', { params: { path: { slug: 'eggs' } } });
  isSame<typeof data, Schemas['Product']>(true);
  // @ts-expect-error The slug is missing.
  await client.get('/api/products/{slug}');
  // @ts-expect-error There is no such path.
  await client.get('/api/nothing');
  // @ts-expect-error There is no such method.
  await client.post('/api/categories/{slug}', { params: { path: { slug: 'eggs' } } });
  // @ts-expect-error There is no such option.
  await client.get('/api/categories', { retry: 1 });
  // @ts-expect-error The reason is missing.
  await client.post('/api/products/{slug}/stock', { params: { path: { slug: 'eggs' } }, body: { change: 1 } });

  const { data: nothing } = await client.delete('/api/categories/{slug}', { params: { path: { slug: 'eggs' } } });
  isSame<typeof nothing, undefined>(true);
  const { data: csv } = await client.get('/api/imports/{id}/errors.csv', { params: { path: { id: '1' } } });
  isSame<typeof csv, string>(true);

  for await (const product of client.products({ fields: ['slug', 'price'] })) {
    isSame<typeof product, { slug: string; price: number }>(true);
  }
  for await (const event of client.events()) {
    if (event.type === 'category.updated') isSame<typeof event.data, Schemas['Category'] | Gone>(true);
    if (event.type === 'stock.moved' && !isGone(event.data)) isSame<typeof event.data, Schemas['Product']>(true);
  }
  const file = new Blob();
  await client.post('/api/products/{slug}/images', { params: { path: { slug: 'eggs' } }, body: { file: [file] } });
  await client.post('/api/imports', { body: 'sku,price\n', headers: { 'Content-Type': 'text/csv' } });
}

test('the types of calls are those of the document', () => {});
