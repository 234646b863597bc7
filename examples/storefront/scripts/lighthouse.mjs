// Measures pages with Lighthouse, and fails if a category scores less than 95. A score is the median of five runs.
import lighthouse from 'lighthouse';

import { launch } from './browser.mjs';

const LEAST = 95;
const RUNS = 5;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const desktop = {
  formFactor: 'desktop',
  screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false },
  throttling: { rttMs: 40, throughputKbps: 10240, cpuSlowdownMultiplier: 1 },
};
const pages = ['/', '/?category=snacks', '/products/eggypro-vanilla-protein-powder-1kg'];

const browser = await launch();
let isGood = true;
console.log(`| ${['page', 'device', ...CATEGORIES].join(' | ')} |`);
for (const page of pages) {
  for (const [device, settings] of [['phone', {}], ['desktop', desktop]]) {
    const results = [];
    for (let run = 0; run < RUNS; run += 1) results.push(await measure(page, settings));
    const scores = CATEGORIES.map((category) => median(results.map(({ categories }) => scoreOf(categories[category]))));
    console.log(`| ${[page, device, ...scores].join(' | ')} |`);
    if (scores.some((score) => score < LEAST)) {
      isGood = false;
      report(results[0]);
    }
  }
}
await browser.close();
process.exit(isGood ? 0 : 1);

/** Measures a page in a context of its own, without what earlier ones have cached. */
async function measure(page, settings) {
  const context = await browser.createBrowserContext();
  const tab = await context.newPage();
  const config = { extends: 'lighthouse:default', settings: { ...settings, onlyCategories: CATEGORIES } };
  const { lhr } = await lighthouse(process.env.APP_URL + page, { logLevel: 'error' }, config, tab);
  await context.close();
  return lhr;
}

function scoreOf({ score }) {
  return Math.round((score ?? 0) * 100);
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

/** Prints the audits that lower the scores. */
function report({ categories, audits }) {
  for (const { id, auditRefs } of Object.values(categories)) {
    for (const audit of auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => audits[id])) {
      if (audit.score !== null && audit.score < 0.9) console.log(`  ${id}: ${audit.title} ${audit.displayValue ?? ''}`);
    }
  }
}
