import type { CallOptions } from './calls.js';
import type { UntypedCall } from './client.js';
import type { Event, EventType } from './event-types.js';
import { ConnectionError, ProblemError } from './problem.js';
import { DEFAULTS, delayBefore, isTransient, sleep, type RetryOptions } from './retries.js';
import { retryAfterOf } from './send.js';

export interface EventsOptions extends Pick<CallOptions, 'signal' | 'timeout'> {
  /** Where to go on: a cursor, or `latest` for what happens from now on. Default: the oldest event that is kept. */
  after?: string;
  /** Only events of these types. */
  types?: readonly EventType[];
  /** The most events of a page, up to 500. */
  limit?: number;
  /** How long the server waits for the next event, in seconds, up to 30. Default: 30. */
  wait?: number;
}

/** The position before the next event. The server answers with a cursor in its place. */
const LATEST = 'latest';

/** An empty page that came earlier, in milliseconds, was not waited for. */
const SOON = 1000;

/** The longest `Retry-After` that is heeded, in milliseconds. */
const LONGEST_PAUSE = 15 * 60 * 1000;

/** A page of events, and the cursor from which to go on after it. */
export interface EventPage {
  data: Event[];
  next_cursor: string;
}

/**
 * Events, as they happen. The iteration ends only by `break`, by the signal, or by a problem that does not pass, such as
 * a cursor that is too old (410).
 */
export class Events implements AsyncIterable<Event> {
  readonly #get: UntypedCall;
  readonly #options: EventsOptions;
  readonly #limits: RetryOptions;
  #cursor: string | undefined;

  constructor(get: UntypedCall, options: EventsOptions = {}, limits: RetryOptions = {}) {
    this.#get = get;
    this.#options = options;
    this.#limits = limits;
    this.#cursor = options.after;
  }

  /**
   * Where to go on after a restart. Events of the current page that were handled already come again, so handle events by
   * `byPage` and store `next_cursor` together with their effects if each must count once.
   */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    for await (const page of this.byPage()) yield* page.data;
  }

  /** Pages with at least one event. */
  async *byPage(): AsyncGenerator<EventPage, void, undefined> {
    for (let empty = 0; ; ) {
      const isStart = this.#cursor === LATEST;
      const began = Date.now();
      const page = await this.#next();
      if (page.data.length > 0) yield page;
      this.#cursor = page.next_cursor;
      const isTooSoon = page.data.length === 0 && !isStart && Date.now() - began < SOON;
      empty = isTooSoon ? empty + 1 : 0;
      if (isTooSoon) await sleep(delayBefore(empty), this.#options.signal);
    }
  }

  /** The next page, however long the server can't be reached. */
  async #next(): Promise<EventPage> {
    const { signal } = this.#options;
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#read();
      } catch (error) {
        signal?.throwIfAborted();
        if (!isPassing(error)) throw error;
        await sleep(pauseAfter(error, failures), signal);
      }
    }
  }

  async #read(): Promise<EventPage> {
    const { signal, limit, types } = this.#options;
    const { timeout = this.#limits.timeout ?? DEFAULTS.timeout } = this.#options;
    const { totalTimeout = DEFAULTS.totalTimeout } = this.#limits;
    // If the connection broke while `latest` waits, the events until the next try would be lost. So the cursor comes first.
    const wait = this.#cursor === LATEST ? 0 : (this.#options.wait ?? 30);
    const { data } = await this.#get('/api/events', {
      params: { query: { after: this.#cursor, wait, limit, types } },
      timeout: wait * 1000 + timeout,
      totalTimeout: wait * 1000 + timeout + totalTimeout,
      ...(signal && { signal }),
    });
    return data as EventPage;
  }
}

/** The pause before the next try, in milliseconds. */
export function pauseAfter(error: unknown, failures: number): number {
  return delayBefore(failures, Math.min(retryAfterOf(error) ?? 0, LONGEST_PAUSE));
}

function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof ProblemError && (error.status >= 500 || isTransient(error.status, error.kind));
}
