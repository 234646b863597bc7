// Errors of the API: application/problem+json, RFC 9457.

import { t } from '../texts.js';

/** @typedef {{ field: string, message: string }} FieldError */

/** An answer of the API that is an error, or the lack of an answer. */
export class Problem extends Error {
  /** @param {Record<string, any>} body */
  constructor(body) {
    super(body.detail || body.title || t.errors.unknown);
    /** The HTTP status; 0 without an answer. */
    this.status = body.status ?? 0;
    /** The last part of the type, such as `slug-taken`. */
    this.code = String(body.type ?? '')
      .split(':')
      .pop();
    /** @type {FieldError[]} */
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.requestId = body.request_id;
    this.body = body;
  }

  /** The detail, and what is wrong with each field. */
  get sentences() {
    const messages = this.errors.map((error) => error.message);
    return messages.length > 0 ? messages : [this.message];
  }
}

/** The problem of an answer that is an error. */
export async function problemOf(response) {
  const text = await response.text().catch(() => '');
  return problemOfText(response.status, text, response.headers.get('Retry-After'));
}

/** The problem of a status and a body, which a proxy may have written. */
export function problemOfText(status, text, retryAfter) {
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    body = { detail: t.errors.status(status) };
  }
  const problem = new Problem({ ...body, status });
  problem.retryAfter = Number(retryAfter) || null;
  if (status === 429 && problem.retryAfter) problem.message = t.errors.tooMany(problem.retryAfter);
  return problem;
}

/** The problem of a request that got no answer. */
export function noAnswer() {
  return new Problem({ status: 0, detail: t.errors.offline });
}

/** Whether an error only says that its page was left. */
export function isAbort(error) {
  return error?.name === 'AbortError';
}
