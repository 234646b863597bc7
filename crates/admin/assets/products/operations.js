// Changes of many products, in requests of at most 500 operations, each of which is made as a whole or not at all.

import { get, post } from '../core/api.js';
import { Problem } from '../core/problem.js';
import { can } from '../core/session.js';
import { showProblem, toast } from '../core/toast.js';
import { t } from '../texts.js';

/** The most operations of a request. */
const CHUNK = 500;
/** The most products that are read at once. */
const MOST_IDS = 100;
/** The status of an operation that was not made because of others. */
const NOT_MADE = 424;

/**
 * @typedef {object} Operation
 * @property {any} product The product that it changes.
 * @property {Record<string, any>} operation What the API is sent.
 */

/**
 * @typedef {object} Outcome
 * @property {Operation[]} done
 * @property {{ operation: Operation, message: string }[]} failed Those that can't be made.
 * @property {Operation[]} undone Those that were not made because of others, and those whose request broke off.
 * @property {Map<string, string>} etags The new ETags by slug.
 * @property {any} problem Why a request broke off, or null.
 */

/**
 * Makes operations, request by request, and stops at the first request that fails. Unless `isAtomic`, the operations of a
 * request stand for themselves.
 * @param {Operation[]} operations
 * @param {{ progress?: (done: number) => void, isAtomic?: boolean }} [options]
 * @returns {Promise<Outcome>}
 */
export async function makeAll(operations, { progress, isAtomic = true } = {}) {
  const outcome = { done: [], failed: [], undone: [], etags: new Map(), problem: null };
  for (let start = 0; start < operations.length; start += CHUNK) {
    const chunk = operations.slice(start, start + CHUNK);
    const made = await make(chunk, isAtomic, outcome);
    if (!made) {
      outcome.undone.push(...operations.slice(start + CHUNK));
      break;
    }
    progress?.(outcome.done.length);
  }
  return outcome;
}

/** Makes the operations of one request. Returns whether to go on. */
async function make(chunk, isAtomic, outcome) {
  const body = { atomic: isAtomic, operations: chunk.map(({ operation }) => operation) };
  try {
    const { data } = await post('/api/products/bulk', body);
    data.results.forEach((result, index) => sort(chunk[index], result, outcome));
    return true;
  } catch (problem) {
    const results = problem.body?.results;
    results?.forEach((result, index) => sort(chunk[index], result, outcome));
    if (!results) {
      // What was made before still counts, and can be taken back.
      outcome.problem = problem;
      outcome.undone.push(...chunk);
    }
    return false;
  }
}

function sort(operation, { status, etag, problem }, outcome) {
  if (problem) {
    const messages = (problem.errors ?? []).map((error) => error.message);
    outcome.failed.push({ operation, message: messages.join(' ') || problem.detail });
  } else if (status === NOT_MADE) {
    outcome.undone.push(operation);
  } else {
    outcome.done.push(operation);
    outcome.etags.set(operation.operation.slug, etag);
  }
}

/**
 * The undo of operations that were made, for a message. It takes back those whose products nobody has changed since, and
 * tells how many others there are.
 * @param {Outcome} outcome
 * @param {(product: any) => any} bodyOf What is written again.
 * @param {() => void} changed
 */
export function undoOf({ done, etags }, bodyOf, changed) {
  const operations = done.map(({ product }) => ({
    product,
    operation: { action: 'patch', slug: product.slug, if_match: etags.get(product.slug), body: bodyOf(product) },
  }));
  return () => takeBack(operations, changed);
}

async function takeBack(operations, changed) {
  const { failed, undone, problem } = await makeAll(operations, { isAtomic: false });
  changed();
  const part = failed.length > 0 && new Problem({ detail: t.bulk.undoFailed(failed.length) });
  if (part && !problem) throw part;
  if (part) showProblem(part);
  if (!problem) return;
  toast(t.bulk.undoLeft(undone.length), { undo: () => takeBack(undone, changed) });
  throw problem;
}

/**
 * Products as they are now, so that a change of them does not fail because of an older one.
 * @param {any[]} products
 * @param {(now: any, shown: any) => boolean} [isWanted] The others stay as they were shown, and changing them fails.
 */
export async function refreshed(products, isWanted = () => true) {
  const current = new Map();
  for (let start = 0; start < products.length; start += MOST_IDS) {
    const query = {
      ids: products.slice(start, start + MOST_IDS).map(({ id }) => id),
      status: can('products:read') ? 'all' : '',
      fields: ['id', 'slug', 'version', 'price', 'is_active', 'categories'],
      limit: MOST_IDS,
    };
    const { data } = await get('/api/products', query);
    for (const product of data.data) current.set(product.id, product);
  }
  return products.map((shown) => {
    const now = current.get(shown.id);
    return now && isWanted(now, shown) ? { ...shown, ...now } : shown;
  });
}
