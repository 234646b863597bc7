// The start of the page.

import { get } from './core/api.js';
import { confirm } from './core/dialog.js';
import { learnCurrency } from './core/format.js';
import { firstPage, go, startRouter, stopRouter } from './core/router.js';
import { can, signOut, whenEnded } from './core/session.js';
import { drawShell } from './shell.js';
import { nothingToShow, showSignIn, signInAgain } from './sign-in.js';
import { t } from './texts.js';

const root = document.getElementById('root');
/** How long the first page waits for the currency, in milliseconds. */
const PATIENCE = 3000;

async function start() {
  await showSignIn(root);
  if (firstPage() === 'none') return nothingToShow(root, leave);
  const { main, mark } = drawShell(root, { leave: askAndLeave });
  await learnFromProduct();
  if (location.hash.length < 3) go(firstPage());
  startRouter(main, mark);
}

/** Learns the currency of the shop before any page shows an amount. Without products there is none. */
async function learnFromProduct() {
  const query = { status: can('products:read') ? 'all' : '', limit: 1, fields: ['currency'] };
  await get('/api/products', query, AbortSignal.timeout(PATIENCE)).then(
    ({ data }) => learnCurrency(data.data[0]),
    () => {},
  );
}

async function askAndLeave() {
  const leaves = await confirm({ title: t.signOut, text: t.signOutText, yes: t.signOut });
  if (leaves) await leave();
}

async function leave() {
  stopRouter();
  await signOut();
  // A new page keeps nothing of this one in memory.
  location.replace(location.pathname);
}

// The address names the page, so this link can't be a fragment.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main')?.focus();
});
// A file that is dropped beside its place would open instead of this page.
for (const type of ['dragover', 'drop']) addEventListener(type, (event) => event.preventDefault());
whenEnded(signInAgain);
start();
