/** How long a call may take and how often it is tried. Times are in milliseconds. */
export interface RetryOptions {
  /** The time for one try, including the body of its answer. Default: 10 000. */
  timeout?: number;
  /** The time for all tries and the delays between them. Default: 60 000. */
  totalTimeout?: number;
  /** How often a failed try is repeated. Default: 4. Waiting for the answer to an earlier try does not count. */
  retries?: number;
}

export const DEFAULTS: Required<RetryOptions> = { timeout: 10_000, totalTimeout: 60_000, retries: 4 };

const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;
/** A longer time makes timers fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The delay before a retry, counted from 1: a random part of a time that doubles (full jitter), so that clients do not
 * come back at the same moment. It comes on top of what the server has asked for.
 */
export function delayBefore(retry: number, retryAfter = 0, random: () => number = Math.random): number {
  return retryAfter + random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (retry - 1));
}

/** `Retry-After` in milliseconds: its seconds, or the time until its date. */
export function parseRetryAfter(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Whether another try may succeed. */
export function isTransient(status: number, kind: string): boolean {
  return [408, 429, 502, 503, 504].includes(status) || isInFlight(status, kind);
}

/** Whether an earlier try of the write still runs. Its answer is there once it has ended. */
export function isInFlight(status: number, kind: string): boolean {
  return status === 409 && kind === 'idempotency-in-flight';
}

/** Calls a function later. A time of `Infinity` is possible. */
export function setTimer(action: () => void, milliseconds: number): ReturnType<typeof setTimeout> {
  return setTimeout(action, Math.min(milliseconds, LONGEST_TIMER));
}

/** Waits. It throws the signal's reason if that is aborted. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
