import type { EtagMemory } from './etags.js';
import { ConnectionError, ProblemError, readProblem } from './problem.js';
import {
  DEFAULTS, delayBefore, isInFlight, isTransient, parseRetryAfter, setTimer, sleep, type RetryOptions,
} from './retries.js';

/** How one request is sent. */
export interface SendOptions extends RetryOptions {
  fetch: (request: Request) => Promise<Response>;
  etags?: EtagMemory | undefined;
  signal?: AbortSignal | undefined;
  /** Whether the body of the answer is passed on as it arrives. Then only its head is retried. */
  isStreamed?: boolean;
  /** Whether the body can be sent only once. Then there is one try. */
  isOnce?: boolean;
}

const STATUSES_WITHOUT_BODY = [101, 204, 205, 304];

/**
 * Sends a request until it is answered, and returns the answer if that is a success.
 *
 * A request that is sent again must be harmless: a read, or a write with an idempotency key.
 *
 * @throws ProblemError if the request failed
 * @throws ConnectionError if no answer came
 */
export async function send(original: Request, options: SendOptions): Promise<Response> {
  const { retries = DEFAULTS.retries, totalTimeout = DEFAULTS.totalTimeout, signal, isOnce = false } = options;
  const end = Date.now() + totalTimeout;
  const makeRequest = await repeatable(original, isOnce);
  let failures = 0;
  for (let tries = 1; ; tries += 1) {
    const { response, failure } = await attempt(makeRequest, options, end - Date.now());
    if (response) return response;
    signal?.throwIfAborted();
    const delay = delayBefore(tries, retryAfterOf(failure));
    // The answer to the try that still runs ends the wait, or the total time does.
    if (!isWaiting(failure)) failures += 1;
    if (isOnce || !isRetriable(failure) || failures > retries || Date.now() + delay >= end) {
      throw failure instanceof ProblemError ? failure : new ConnectionError(tries, failure);
    }
    await sleep(delay, signal);
  }
}

type MakeRequest = (signal: AbortSignal) => Request;

/** Makes a request for each try. The body has the same bytes each time, as the idempotency key requires. */
async function repeatable(original: Request, isOnce: boolean): Promise<MakeRequest> {
  const body = isOnce || isRead(original) ? undefined : await original.arrayBuffer();
  return (signal) => {
    // A request without a body stays unused.
    const request = new Request(original, body && original.bodyUsed ? { body, signal } : { signal });
    // Frameworks add members of their own, such as `next` of Next.js. A copy of a request loses them. Only named members are
    // taken: Node.js keeps the state of a request under symbols.
    return Object.assign(request, Object.fromEntries(Object.entries(original)));
  };
}

type Attempt = { response: Response; failure?: never } | { response?: never; failure: unknown };

async function attempt(makeRequest: MakeRequest, options: SendOptions, remaining: number): Promise<Attempt> {
  const timeout = Math.min(options.timeout ?? DEFAULTS.timeout, remaining);
  const timer = new AbortController();
  const alarm = setTimer(() => timer.abort(new DOMException('The try took too long', 'TimeoutError')), timeout);
  const signals = options.signal ? [options.signal, timer.signal] : [timer.signal];
  try {
    return { response: await answer(makeRequest(AbortSignal.any(signals)), options) };
  } catch (failure) {
    return { failure };
  } finally {
    clearTimeout(alarm);
  }
}

async function answer(request: Request, { fetch, etags, isStreamed }: SendOptions): Promise<Response> {
  const kept = isStreamed ? undefined : etags?.ask(request);
  const response = await fetch(request);
  if (kept && response.status === 304) return etags?.confirm(request, kept, response) ?? response;
  if (!response.ok && response.status !== 304) throw await readProblem(response);
  if (isStreamed) return response;
  // A connection can break in the middle of a body. That fails here, where it is tried again.
  const body = await response.arrayBuffer();
  etags?.keep(request, response, body);
  return withBody(response, body);
}

function withBody(response: Response, body: ArrayBuffer): Response {
  const { status, statusText, headers } = response;
  const copy = new Response(STATUSES_WITHOUT_BODY.includes(status) ? null : body, { status, statusText, headers });
  // It names the last address of a redirect.
  return Object.defineProperty(copy, 'url', { value: response.url });
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function isWaiting(failure: unknown): boolean {
  return failure instanceof ProblemError && isInFlight(failure.status, failure.kind);
}

function isRetriable(failure: unknown): boolean {
  return failure instanceof ProblemError ? isTransient(failure.status, failure.kind) : true;
}

/** The delay that the server has asked for, in milliseconds. */
export function retryAfterOf(failure: unknown): number | undefined {
  return failure instanceof ProblemError ? parseRetryAfter(failure.response.headers.get('Retry-After')) : undefined;
}
