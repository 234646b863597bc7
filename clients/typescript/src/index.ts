export { createClient, type Client, type ClientOptions } from './client.js';
export type { Answer, CallOptions } from './calls.js';
export type { EtagOptions } from './etags.js';
export * from './event-types.js';
export { Events, type EventPage, type EventsOptions } from './events.js';
export { Pages, type Page } from './pages.js';
export { ConnectionError, ProblemError, type FieldError, type Problem } from './problem.js';
export type { RetryOptions } from './retries.js';
export type { components, operations, paths } from './schema.js';
export * from './webhooks.js';

import type { components } from './schema.js';

/** The types of the API by their names in the OpenAPI document, such as `Schemas['Product']`. */
export type Schemas = components['schemas'];
