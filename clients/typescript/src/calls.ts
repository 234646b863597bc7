import type { FetchOptions, FetchResponse } from 'openapi-fetch';

import type { RetryOptions } from './retries.js';
import type { paths } from './schema.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have a method. */
export type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: unknown } ? P : never;
}[keyof paths];

/** What every call takes besides its parameters and its body. */
export interface CallOptions extends RetryOptions {
  /** Ends the call. It then throws the signal's reason. */
  signal?: AbortSignal;
  /** The key of a write, for one that goes on after a restart. By default each write gets a new UUID. */
  idempotencyKey?: string;
}

type Operation<P, M> = M extends keyof P ? NonNullable<P[M]> : never;

type OwnOptions = 'parseAs' | 'fetch' | 'middleware' | 'baseUrl' | 'signal' | 'method' | 'body';

/** A body has its type, or it is a file, a text in another format or a stream. */
type Body<Options> = Options extends { body: infer B }
  ? { body: B | BodyInit }
  : Options extends { body?: infer B }
    ? { body?: [B] extends [undefined] ? never : B | BodyInit }
    : unknown;

/** The parameters, body and options of a call. */
export type Init<P extends keyof paths, M extends Method> = Omit<FetchOptions<Operation<paths[P], M>>, OwnOptions> &
  Body<FetchOptions<Operation<paths[P], M>>> &
  CallOptions;

/** The argument is optional if no member of it is required. */
export type Arguments<I> = Record<never, never> extends I ? [init?: I] : [init: I];

type SuccessBody<P, M> = NonNullable<FetchResponse<Operation<P, M>, object, `${string}/${string}`>['data']>;

/** What the body of an answer holds; undefined if it has none. */
export type Data<P extends keyof paths, M extends Method> = [SuccessBody<paths[P], M>] extends [never]
  ? undefined
  : SuccessBody<paths[P], M>;

/** A successful answer. */
export interface Answer<T> {
  data: T;
  /** The version that `If-Match` takes, always as a strong tag. */
  etag: string | undefined;
  response: Response;
}

/** Calls a path with one method. */
export type Call<M extends Method> = <P extends PathsWith<M>>(
  path: P,
  ...init: Arguments<Init<P, M>>
) => Promise<Answer<Data<P, M>>>;
