import type { UntypedCall, UntypedInit } from './client.js';

/** One page of a list. */
export interface Page<T> {
  data: T[];
  pagination: { total: number; total_precision: string; next_cursor?: string | null };
}

/** A list, read page by page as it is iterated. Each iteration begins at the first page. */
export class Pages<T, P extends Page<T> = Page<T>> implements AsyncIterable<T> {
  readonly #get: UntypedCall;
  readonly #path: string;
  readonly #init: UntypedInit;

  constructor(get: UntypedCall, path: string, init: UntypedInit = {}) {
    this.#get = get;
    this.#path = path;
    this.#init = init;
  }

  /** Each item once, also if others are added or removed meanwhile. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.byPage()) yield* page.data;
  }

  /** Whole pages, with `pagination` and facets. */
  async *byPage(): AsyncGenerator<P, void, undefined> {
    let query = this.#init.params?.query ?? {};
    for (;;) {
      const { data } = await this.#get(this.#path, { ...this.#init, params: { ...this.#init.params, query } });
      const page = data as P;
      yield page;
      const cursor = page.pagination.next_cursor;
      if (!cursor) return;
      // A cursor holds the position, and the server refuses an offset beside it.
      query = { ...query, offset: undefined, cursor };
    }
  }

  /** The first page. */
  async first(): Promise<P> {
    for await (const page of this.byPage()) return page;
    throw new Error('a list has at least one page');
  }
}
