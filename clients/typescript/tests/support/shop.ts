import { createClient, type Client, type Schemas } from '../../src/index.js';

const { EGGYPRO_URL, EGGYPRO_SECRET } = process.env;

/** The options of a test that needs a real server, which `scripts/test-clients` starts. */
export const needsShop = { skip: EGGYPRO_URL ? false : 'EGGYPRO_URL is not set' };

/** The address of the real server. */
export const shopUrl = EGGYPRO_URL ?? '';

/** A client with all permissions. */
export function admin(baseUrl = shopUrl): Client {
  return createClient({ baseUrl, apiKey: EGGYPRO_SECRET ?? '' });
}

/** A client without credentials. */
export function shopper(): Client {
  return createClient({ baseUrl: shopUrl });
}

/** Creates a product. Its name is the same in no other test. */
export async function createProduct(fields: Partial<Schemas['ProductInput']> = {}): Promise<Schemas['Product']> {
  const { data } = await admin().post('/api/products', {
    body: {
      name: `Test ${crypto.randomUUID()}`,
      description: 'A product of a test.',
      details: 'None.',
      price: 9.5,
      ingredients: ['Egg'],
      ...fields,
    },
  });
  return data;
}
