// The pages. A page is loaded when it is first shown.

import { t } from './texts.js';

/**
 * @typedef {object} Page
 * @property {string} name
 * @property {RegExp} path The path in the address, after `#/`; its groups are the parameters of the page.
 * @property {string[]} needs The permissions of which the caller has at least one.
 * @property {() => Promise<{ show: Function }>} load
 * @property {string} [icon] Of pages in the navigation.
 * @property {string} [under] The page of the navigation that this one belongs to.
 */

/** @type {Page[]} */
export const PAGES = [
  {
    name: 'products',
    path: /^products$/,
    needs: ['products:read', 'products:write', 'products:delete'],
    icon: 'box',
    load: () => import('./products/page.js'),
  },
  {
    name: 'product',
    path: /^products\/([^/]+)$/,
    needs: ['products:read', 'products:write', 'products:delete'],
    under: 'products',
    load: () => import('./product/page.js'),
  },
  {
    name: 'categories',
    path: /^categories$/,
    needs: ['products:write'],
    icon: 'tag',
    load: () => import('./products/categories.js'),
  },
  {
    name: 'stock',
    path: /^stock(?:\/([^/]+))?$/,
    needs: ['stock:write'],
    icon: 'layers',
    load: () => import('./stock/page.js'),
  },
  {
    name: 'reviews',
    path: /^reviews$/,
    needs: ['reviews:moderate'],
    icon: 'star',
    load: () => import('./reviews/page.js'),
  },
  {
    name: 'files',
    path: /^files$/,
    needs: ['products:write', 'products:read'],
    icon: 'swap',
    load: () => import('./imports/page.js'),
  },
  {
    name: 'changes',
    path: /^changes$/,
    needs: ['changes:read'],
    icon: 'clock',
    load: () => import('./changes/page.js'),
  },
  { name: 'keys', path: /^keys$/, needs: ['keys:manage'], icon: 'key', load: () => import('./service/keys.js') },
  {
    name: 'webhooks',
    path: /^webhooks$/,
    needs: ['webhooks:manage'],
    icon: 'share',
    load: () => import('./service/webhooks.js'),
  },
  {
    name: 'metrics',
    path: /^metrics$/,
    needs: ['metrics:read'],
    icon: 'chart',
    load: () => import('./service/metrics.js'),
  },
  {
    name: 'start',
    path: /^start$/,
    needs: ['products:write'],
    under: 'products',
    load: () => import('./products/first-run.js'),
  },
];

/** What the navigation calls a page. */
export const label = (page) => t.pages[page.name];
