import createOpenapiClient from 'openapi-fetch';

import { isStream, serializeBody } from './bodies.js';
import type { Answer, Arguments, Call, CallOptions, Init, Method, PathsWith } from './calls.js';
import { checkConditions, strongTag } from './conditions.js';
import { EtagMemory, type EtagOptions } from './etags.js';
import { Events, type EventsOptions } from './events.js';
import { Pages } from './pages.js';
import { serializePath } from './paths.js';
import type { RetryOptions } from './retries.js';
import { send } from './send.js';
import { lists, type Lists } from './lists.js';
import type { paths } from './schema.js';

export interface ClientOptions extends RetryOptions {
  /** The address of the server, such as `https://api.shop.example`. Empty in a page of the same origin. */
  baseUrl: string;
  /** An API key, the admin secret or the token of a session. A function is called for each call. */
  apiKey?: string | (() => string | undefined | Promise<string | undefined>);
  /** Headers of every request. */
  headers?: Record<string, string>;
  /** Sends requests. Default: the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** The memory for conditional reads. */
  etags?: EtagOptions;
}

/** A client of the API. Its calls throw `ProblemError` and `ConnectionError`. */
export interface Client extends Lists {
  get: Call<'get'>;
  post: Call<'post'>;
  put: Call<'put'>;
  patch: Call<'patch'>;
  delete: Call<'delete'>;
  /** Reads a body as it arrives, for example of an export. Only the start of the answer is retried. */
  stream: <P extends PathsWith<'get'>>(path: P, ...init: Arguments<Init<P, 'get'>>) => Promise<ReadableStream<Uint8Array>>;
  /** Follows events. Needs the permission `changes:read`. */
  events: (options?: EventsOptions) => Events;
}

/** Any call, without the types of its path. */
export type UntypedCall = (path: string, init?: UntypedInit) => Promise<Answer<unknown>>;

export type UntypedInit = CallOptions & {
  params?: { query?: Record<string, unknown>; path?: Record<string, unknown>; header?: Record<string, unknown> };
  body?: unknown;
  isStreamed?: boolean;
};

/** Makes a client. It holds no connection, so it need not be closed. */
export function createClient(options: ClientOptions): Client {
  const call = caller(options);
  const of = (method: Method): UntypedCall => (path, init) => call(method, path, init);
  const get = of('get');
  const client = {
    get,
    post: of('post'),
    put: of('put'),
    patch: of('patch'),
    delete: of('delete'),
    stream: async (path: string, init?: UntypedInit) => {
      const { response } = await get(path, { ...init, isStreamed: true });
      return response.body ?? new Blob().stream();
    },
    events: (following?: EventsOptions) => new Events(get, following, options),
    ...lists((path, init) => new Pages(get, path, init)),
  };
  // The types come from the OpenAPI document. The code is the same for all paths.
  return client as unknown as Client;
}

type AnyCall = (method: Method, path: string, init?: UntypedInit) => Promise<Answer<unknown>>;

function caller(options: ClientOptions): AnyCall {
  const { baseUrl, apiKey, headers = {}, fetch = (request) => globalThis.fetch(request), etags, ...limits } = options;
  const memory = etags?.entries === 0 ? undefined : new EtagMemory(etags);
  const openapi = createOpenapiClient<paths>({ baseUrl, bodySerializer: serializeBody, pathSerializer: serializePath });

  return async (method, path, init = {}) => {
    const { idempotencyKey, isStreamed = false, signal, timeout, totalTimeout, retries, ...rest } = init;
    checkConditions(rest.params?.header, (rest as RequestInit).headers);
    const own = withoutUndefined({ ...limits, ...withoutUndefined({ timeout, totalTimeout, retries }) });
    const isOnce = isStream(rest.body);
    const key = method === 'get' ? undefined : (idempotencyKey ?? crypto.randomUUID());
    const secret = typeof apiKey === 'function' ? await apiKey() : apiKey;

    const { response } = await openapi.request(method, path as never, {
      ...rest,
      ...(isOnce && { duplex: 'half' }),
      // `fetch` follows a redirect of a write with a GET, whose success is not that of the write.
      ...(method !== 'get' && { redirect: 'manual' }),
      parseAs: 'stream',
      fetch: (request: Request) => {
        for (const [name, value] of Object.entries(headers)) setIfAbsent(request, name, value);
        if (secret) setIfAbsent(request, 'Authorization', `Bearer ${secret}`);
        if (key) setIfAbsent(request, 'Idempotency-Key', key);
        return send(request, { ...own, fetch, etags: memory, signal, isStreamed, isOnce });
      },
    } as never);
    const data = isStreamed ? undefined : await parse(response);
    return { data, etag: strongTag(response.headers.get('ETag')), response };
  };
}

function withoutUndefined(options: { [K in keyof RetryOptions]: RetryOptions[K] | undefined }): RetryOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function setIfAbsent(request: Request, name: string, value: string): void {
  if (!request.headers.has(name)) request.headers.set(name, value);
}

async function parse(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  return /[/+]json\b/.test(response.headers.get('Content-Type') ?? '') ? JSON.parse(text) : text;
}
