// Tries the shop front in headless Chromium. `scripts/try` starts the servers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';

import { createClient } from '@eggypro/client';

import { launch } from './browser.mjs';

const { APP_URL, SHOP_URL, ADMIN_SECRET, SHOP_API_KEY, WEBHOOK_SECRET, SCREENSHOTS } = process.env;
const VANILLA = 'eggypro-vanilla-protein-powder-1kg';
const admin = createClient({ baseUrl: SHOP_URL, apiKey: ADMIN_SECRET });
const path = { slug: VANILLA };

let browser;
let tab;
/** What the browser has complained about, such as a violated content security policy. */
let complaints = [];
/** All texts that were sent to the browser. */
const sent = [];

before(async () => {
  browser = await launch();
  tab = await open();
});
after(() => browser.close());
afterEach(() => {
  const found = [...new Set(complaints)];
  complaints = [];
  assert.deepEqual(found, []);
});

async function open(settings = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  await page.setViewport({ width: settings.width ?? 1200, height: 900 });
  await page.setJavaScriptEnabled(settings.scripts ?? true);
  page.on('console', (message) => ['error', 'warn'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', async (response) => {
    const text = await response.text().catch(() => '');
    sent.push(text, JSON.stringify(response.headers()));
  });
  return page;
}

/** Opens a page and waits until its scripts work. */
async function go(address, page = tab) {
  await page.bringToFront();
  await page.goto(APP_URL + address);
  if (!page.isJavaScriptEnabled()) return;
  const isHydrated = () => Object.keys(document.querySelector('[role=combobox]')).some((key) => key.startsWith('__react'));
  await page.waitForFunction(isHydrated);
}

const textOf = (selector, page = tab) => page.$eval(selector, (element) => element.textContent.trim());
const shot = async (name, page = tab) => {
  if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
};

/** Polls until `check` is true. */
async function eventually(check, what) {
  const end = Date.now() + 15_000;
  while (Date.now() < end) {
    if (await check()) return;
  }
  assert.fail(`${what} did not happen`);
}

const html = async (address) => (await fetch(APP_URL + address)).text();

test('the list has products, facets and further pages', async () => {
  await go('/');
  await shot('list');
  assert.equal(await textOf('#count'), '24 products');
  assert.equal((await tab.$$('.card')).length, 12);
  await tab.locator('a::-p-text(Next page)').click();
  await tab.waitForSelector('a::-p-text(First page)');
  assert.equal((await tab.$$('.card')).length, 12);
});

test('a filter applies when it is changed', async () => {
  await go('/');
  await tab.locator('input[name=category][value=snacks]').click();
  await tab.waitForFunction(() => location.search.includes('category=snacks'));
  await tab.waitForFunction(() => document.querySelector('h1').textContent === 'Snacks');
  assert.notEqual(await textOf('#count'), '24 products');
  await tab.waitForSelector(`link[rel=canonical][href="${APP_URL}/?category=snacks"]`);
});

/** The name and the value of the element that has the focus. */
const focused = (page = tab) => page.evaluate(() => `${document.activeElement.name}=${document.activeElement.value}`);

test('the focus stays in the filters, on a phone as well', async () => {
  const phone = await open({ width: 360 });
  for (const page of [tab, phone]) {
    await go('/', page);
    if (page === phone) await page.click('.fold summary');
    await page.focus('input[name=category][value=snacks]');
    for (const [title, isChecked] of [['Snacks', true], ['All products', false], ['Snacks', true]]) {
      await page.keyboard.press('Space');
      await page.waitForFunction((text) => document.querySelector('h1').textContent === text, {}, title);
      assert.equal(await focused(page), 'category=snacks');
      assert.equal(await page.$eval(':focus', (field) => field.checked), isChecked);
    }
    await page.keyboard.press('Tab');
    assert.notEqual(await focused(page), 'category=snacks');
  }
  await phone.close();
});

test('the arrow keys go through the orders, and Enter or leaving the field applies one', async () => {
  await go('/');
  await tab.focus('select[name=sort]');
  for (const _ of [1, 2]) await tab.keyboard.press('ArrowDown');
  assert.equal(await focused(), 'sort=price-desc');
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(await tab.evaluate(() => location.search), '');
  await tab.keyboard.press('Enter');
  await tab.waitForFunction(() => location.search === '?sort=price-desc');
  assert.equal(await focused(), 'sort=price-desc');
  await tab.keyboard.press('ArrowUp');
  await tab.keyboard.press('Tab');
  await tab.waitForFunction(() => location.search === '?sort=price-asc');
  assert.equal(await focused(), 'inStock=true');
});

test('the fields show the filters of the address, also after a link and on the way back', async () => {
  const fields = () => tab.$$eval('.filters :is(input:checked, select)', (all) => all.map(({ value }) => value).filter(Boolean));
  const shown = (expected) => eventually(async () => (await fields()).join() === expected.join(), `fields ${expected}`);
  await go('/');
  await tab.select('select[name=sort]', 'newest');
  await tab.waitForFunction(() => location.search === '?sort=newest');
  await tab.click('input[name=category][value=snacks]');
  await tab.waitForFunction(() => location.search === '?sort=newest&category=snacks');
  await tab.click('.brand');
  await tab.waitForFunction(() => location.search === '');
  await shown([]);
  await tab.goBack();
  await shown(['newest', 'snacks']);
});

test('filters and search work without scripts', async () => {
  const plain = await open({ scripts: false });
  await go('/', plain);
  // Locators of Puppeteer need scripts.
  await plain.click('input[name=inStock]');
  await Promise.all([plain.waitForNavigation(), plain.click('.filters button')]);
  assert.match(plain.url(), /inStock=true/);
  await plain.type('input[type=search]', 'cacao');
  await Promise.all([plain.waitForNavigation(), plain.click('.search button')]);
  assert.equal(await textOf('h1', plain), 'Search: cacao');
  await plain.close();
});

test('the search suggests while typing, from the keyboard', async () => {
  await go('/');
  await tab.type('input[type=search]', 'vanila');
  await tab.waitForSelector('[role=option]');
  await shot('suggestions');
  await tab.keyboard.press('Escape');
  assert.equal(await tab.$eval('[role=combobox]', (box) => box.ariaExpanded), 'false');
  await tab.keyboard.press('ArrowDown');
  const active = await tab.$eval('[role=combobox]', (box) => box.getAttribute('aria-activedescendant'));
  assert.equal(await tab.$eval('[role=option][aria-selected=true]', (option) => option.id), active);
  await tab.keyboard.press('Enter');
  await tab.waitForFunction((slug) => location.pathname === `/products/${slug}`, {}, VANILLA);
});

test('a product has its facts, for people and for search engines', async () => {
  await go(`/products/${VANILLA}`);
  await shot('product');
  const { data: product } = await admin.get('/api/products/{slug}', { params: { path } });
  assert.equal(await textOf('h1'), product.title);
  assert.match(await textOf('.price'), new RegExp(`€${product.price.toFixed(2)}.*€.* per 1 kg`));
  assert.match(await textOf('.nutrition'), /Protein\d/);
  assert.match(await textOf('.food'), /ContainsEggs/);
  assert.ok((await tab.$$('.reviews li')).length > 0);
  assert.equal(await tab.$eval('link[rel=canonical]', (link) => link.href), `${APP_URL}/products/${VANILLA}`);
  const jsonLd = JSON.parse(await tab.$eval('script[type="application/ld+json"]', (script) => script.textContent));
  assert.match(jsonLd['@type'], /^Product/);
});

test('a webhook renews a page at once', async () => {
  await go(`/products/${VANILLA}`);
  await admin.patch('/api/products/{slug}', { params: { path }, body: { price: 38.2 } });
  await eventually(async () => (await html(`/products/${VANILLA}`)).includes('€38.20'), 'the new price of the product');
  await eventually(async () => (await html('/?category=protein-powders')).includes('€38.20'), 'the new price in the list');
});

test('a text can not leave the script of JSON-LD', async () => {
  const description = 'A text </script><script>window.attacked = true</script><!-- <script>';
  const { data: before } = await admin.get('/api/products/{slug}', { params: { path } });
  await admin.patch('/api/products/{slug}', { params: { path }, body: { description } });
  await eventually(async () => (await html(`/products/${VANILLA}`)).includes('window.attacked'), 'the new text');
  await go(`/products/${VANILLA}`);
  assert.equal(await tab.evaluate(() => window.attacked), undefined);
  const jsonLd = await tab.$eval('script[type="application/ld+json"]', (script) => script.textContent);
  assert.ok(JSON.stringify(JSON.parse(jsonLd)).includes('</script><script>window.attacked'));
  await admin.patch('/api/products/{slug}', { params: { path }, body: { description: before.description } });
});

test('requests that the webhook has not signed are refused', async () => {
  const post = (headers) => fetch(`${APP_URL}/api/revalidate`, { method: 'POST', body: '{}', headers });
  assert.equal((await post({})).status, 400);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signed = { 'webhook-id': '1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${'A'.repeat(43)}=` };
  assert.equal((await post(signed)).status, 400);
});

test('a body of a webhook without an end is not read to its end', async () => {
  let sent = 0;
  const chunk = new Uint8Array(1024 * 1024);
  const body = new ReadableStream({
    pull: (controller) => {
      sent += 1;
      controller.enqueue(chunk);
      if (sent === 200) controller.close();
    },
  });
  const answer = await fetch(`${APP_URL}/api/revalidate`, { method: 'POST', body, duplex: 'half' });
  assert.equal(answer.status, 413);
  assert.ok(sent < 100, `${sent} MiB were sent`);
});

test('a review is sent, refused when it is repeated, and shown when it is approved', async () => {
  const send = async () => {
    await go(`/products/${VANILLA}`);
    await tab.locator('[name=reviewer_name]').fill('Ada Trial');
    await tab.locator('[name=comment]').fill('Dissolves well.');
    await tab.select('[name=rating]', '4');
    await tab.locator('.review-form button').click();
    await tab.waitForFunction(() => document.querySelector('[role=status]').textContent !== '');
    return textOf('[role=status]');
  };
  assert.match(await send(), /^Thank you/);
  assert.equal(await send(), 'You have sent this review already.');
  assert.equal(await tab.$eval('[name=comment]', (field) => field.value), 'Dissolves well.');

  assert.ok(!(await html(`/products/${VANILLA}`)).includes('Ada Trial'));
  for await (const { id, reviewer_name } of admin.allReviews()) {
    if (reviewer_name !== 'Ada Trial') continue;
    await admin.patch('/api/reviews/{id}', { params: { path: { id } }, body: { is_verified: true } });
  }
  await eventually(async () => (await html(`/products/${VANILLA}`)).includes('Ada Trial'), 'the review on the page');
});

test('the invalid fields of a review are named', async () => {
  await go(`/products/${VANILLA}`);
  await tab.locator('[name=reviewer_name]').fill('A\u202eda');
  await tab.locator('[name=comment]').fill('Good.');
  await tab.locator('.review-form button').click();
  await tab.waitForSelector('[name=reviewer_name][aria-invalid=true]');
  assert.notEqual(await textOf('#reviewer_name-error'), '');
});

test('a former address leads to the new one, and an unknown one is a 404', async () => {
  const { data: product } = await admin.post('/api/products', {
    body: { name: 'Former name', description: 'A.', details: 'B.', price: 2, ingredients: ['Egg'] },
  });
  await admin.patch('/api/products/{slug}', { params: { path: { slug: product.slug } }, body: { slug: 'new-name' } });
  const answer = await fetch(`${APP_URL}/products/former-name`, { redirect: 'manual' });
  assert.equal(answer.status, 308);
  assert.match(answer.headers.get('Location'), /\/products\/new-name$/);
  const params = { path: { slug: 'new-name' }, query: { permanent: true } };
  await admin.delete('/api/products/{slug}', { params });
  for (const address of ['/products/nothing', '/?cursor=nonsense']) {
    assert.equal((await fetch(APP_URL + address)).status, 404, address);
  }
});

test('pages fit a screen of 360 pixels, and follow the dark theme', async () => {
  const phone = await open({ width: 360 });
  for (const address of ['/', `/products/${VANILLA}`]) {
    await go(address, phone);
    await shot(address === '/' ? 'phone-list' : 'phone-product', phone);
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), address);
  }
  const ground = () => phone.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await phone.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  assert.notEqual(await ground(), light);
  await shot('phone-dark', phone);
  await phone.close();
});

test('paths of the API are forwarded as deploy/vercel.json does', async () => {
  const { rewrites } = JSON.parse(readFileSync(new URL('../../../deploy/vercel.json', import.meta.url), 'utf8'));
  const manifest = JSON.parse(readFileSync(new URL('../.next/routes-manifest.json', import.meta.url), 'utf8'));
  const forwarded = [manifest.rewrites.afterFiles ?? manifest.rewrites].flat();
  assert.deepEqual(forwarded.map(({ source }) => source), rewrites.map(({ source }) => source));
  assert.match(await html('/sitemap.xml'), new RegExp(`<loc>${APP_URL}/products/${VANILLA}</loc>`));
  assert.match(await html('/robots.txt'), new RegExp(`Sitemap: ${APP_URL}/sitemap.xml`));
  assert.match(await html('/api/products?limit=1'), /^\{"data":/);
});

test('no secret is sent to the browser', () => {
  assert.ok(sent.length > 50);
  for (const secret of [ADMIN_SECRET, SHOP_API_KEY, WEBHOOK_SECRET]) {
    assert.ok(secret.length > 20);
    assert.ok(!sent.some((text) => text.includes(secret)));
  }
});
