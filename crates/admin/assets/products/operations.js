// Changes of many products, in requests of at most 500 operations, each of which is made as a whole or not at all.

import { post } from '../core/api.js';

/** The most operations of a request. */
const CHUNK = 500;

/**
 * @typedef {object} Operation
 * @property {any} product The product that it changes.
 * @property {Record<string, any>} operation What the API is sent.
 */

/**
 * @typedef {object} Outcome
 * @property {Operation[]} done
 * @property {{ operation: Operation, message: string }[]} failed Those that can't be made.
 * @property {Operation[]} undone Those that were not made because of others.
 * @property {Map<string, string>} etags The new ETags by slug.
 */

/**
 * Makes operations, request by request, and stops at the first request that fails.
 * @param {Operation[]} operations
 * @param {{ progress?: (done: number) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<Outcome>}
 */
export async function makeAll(operations, { progress, signal } = {}) {
  const outcome = { done: [], failed: [], undone: [], etags: new Map() };
  for (let start = 0; start < operations.length; start += CHUNK) {
    const chunk = operations.slice(start, start + CHUNK);
    const made = await make(chunk, outcome, signal);
    if (!made) {
      outcome.undone.push(...operations.slice(start + CHUNK));
      break;
    }
    progress?.(outcome.done.length);
  }
  return outcome;
}

/** Makes the operations of one request. Returns whether they were made. */
async function make(chunk, outcome, signal) {
  const body = { operations: chunk.map(({ operation }) => operation) };
  try {
    const { data } = await post('/api/products/bulk', body, { signal });
    data.results.forEach((result, index) => outcome.etags.set(chunk[index].operation.slug, result.etag));
    outcome.done.push(...chunk);
    return true;
  } catch (problem) {
    const results = problem.body?.results;
    if (!results) throw problem;
    results.forEach((result, index) => sort(chunk[index], result, outcome));
    return false;
  }
}

function sort(operation, result, outcome) {
  if (!result.problem) return outcome.undone.push(operation);
  const messages = (result.problem.errors ?? []).map((error) => error.message);
  const message = messages.join(' ') || result.problem.detail;
  return outcome.failed.push({ operation, message });
}

/** The operations that take others back, which were made. */
export function inverse(done, etags, bodyOf) {
  return done.map(({ product }) => ({
    product,
    operation: { action: 'patch', slug: product.slug, if_match: etags.get(product.slug), body: bodyOf(product) },
  }));
}
