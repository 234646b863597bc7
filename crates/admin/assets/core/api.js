// Calls of the API.

import { noAnswer, problemOf } from './problem.js';
import { authorization, isSignedIn, signInAgain } from './session.js';

/**
 * @typedef {object} Options
 * @property {Record<string, any>} [query] Parameters; empty ones are left out, lists are comma-separated.
 * @property {any} [body] Sent as JSON.
 * @property {string | null} [ifMatch] The ETag of the state that is to be changed.
 * @property {AbortSignal} [signal]
 * @property {string} [key] The idempotency key of a write that may be sent again later.
 * @property {boolean} [keepalive] Goes on when the page is closed.
 */

/**
 * @typedef {object} Answer
 * @property {any} data The body.
 * @property {string | null} etag
 */

/** How long to wait before the second try of a request that got no answer, in milliseconds. */
const PAUSE = 800;

/** @returns {Promise<Answer>} */
export const get = (path, query, signal) => call('GET', path, { query, signal });

/** @returns {Promise<Answer>} */
export const post = (path, body, options = {}) => call('POST', path, { ...options, body });

/** @returns {Promise<Answer>} */
export const put = (path, body, options = {}) => call('PUT', path, { ...options, body });

/** @returns {Promise<Answer>} */
export const patch = (path, body, options = {}) => call('PATCH', path, { ...options, body });

/** @returns {Promise<Answer>} */
export const remove = (path, options = {}) => call('DELETE', path, options);

/**
 * Calls the API, and throws a `Problem` unless it succeeds.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Answer>}
 */
export async function call(method, path, options = {}) {
  const response = await send(method, path, options);
  const text = response.status === 204 ? '' : await response.text();
  // Proxies that compress make tags weak, which `If-Match` never takes; the rest of the tag is the server's.
  const etag = response.headers.get('ETag')?.replace(/^W\//, '') ?? null;
  return { data: text ? JSON.parse(text) : null, etag };
}

/**
 * Sends a request, signs in again if the session has ended, and throws a `Problem` unless it succeeds.
 * @returns {Promise<Response>}
 */
export async function send(method, path, options = {}) {
  const address = path + queryText(options.query);
  const request = requestOf(method, options);
  let response = await attempt(address, request);
  if (response.status === 401 && isSignedIn() && (await signInAgain())) {
    response = await attempt(address, request);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

function requestOf(method, options) {
  const headers = {};
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  // With a key, a write whose answer was lost can be sent again without writing twice.
  if (method !== 'GET') headers['Idempotency-Key'] = options.key ?? randomKey();
  const hasBody = options.body !== undefined;
  if (hasBody) headers['Content-Type'] = 'application/json';
  return {
    method,
    headers,
    body: hasBody ? JSON.stringify(options.body) : undefined,
    signal: options.signal,
    keepalive: options.keepalive,
    // A list that was just changed must not come from the browser's cache.
    cache: 'no-store',
  };
}

/** Sends a request, and once more if there is no answer or the server says that it is busy. */
async function attempt(address, request) {
  try {
    const response = await once(address, request);
    if (response.status !== 503) return response;
  } catch (error) {
    if (request.signal?.aborted) throw error;
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  request.signal?.throwIfAborted();
  try {
    return await once(address, request);
  } catch (error) {
    throw request.signal?.aborted ? error : noAnswer();
  }
}

function once(address, request) {
  const headers = { ...request.headers };
  const header = authorization();
  if (header) headers.Authorization = header;
  return fetch(address, { ...request, headers });
}

/** A query string. */
export function queryText(query = {}) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (text !== '') parameters.set(name, text);
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** A random key. `crypto.randomUUID` exists only on pages that came by https. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The path of a product. */
export const productPath = (slug) => `/api/products/${encodeURIComponent(slug)}`;

/**
 * The ETag of a product in a list, which has no header of its own: a product's ETag carries its version.
 * @param {{ id: number, version: number }} product
 */
export const etagOf = (product) => `"${product.id}-${product.version}"`;
