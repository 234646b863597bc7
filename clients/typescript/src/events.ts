import type { CallOptions } from './calls.js';
import type { UntypedCall } from './client.js';
import type { Event, EventType } from './event-types.js';
import { ConnectionError, ProblemError } from './problem.js';
import { DEFAULTS, delayBefore, isTransient, sleep } from './retries.js';

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
  #cursor: string | undefined;

  constructor(get: UntypedCall, options: EventsOptions = {}) {
    this.#get = get;
    this.#options = options;
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
    for (;;) {
      const page = await this.#next();
      if (page.data.length > 0) yield page;
      this.#cursor = page.next_cursor;
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
        await sleep(delayBefore(failures), signal);
      }
    }
  }

  async #read(): Promise<EventPage> {
    const { signal, timeout = DEFAULTS.timeout, wait = 30, limit, types } = this.#options;
    const { data } = await this.#get('/api/events', {
      params: { query: { after: this.#cursor, wait, limit, types } },
      timeout: wait * 1000 + timeout,
      totalTimeout: wait * 1000 + timeout + DEFAULTS.totalTimeout,
      ...(signal && { signal }),
    });
    return data as EventPage;
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof ProblemError && (error.status >= 500 || isTransient(error.status, error.kind));
}
