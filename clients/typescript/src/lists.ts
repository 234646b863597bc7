import type { CallOptions } from './calls.js';
import type { UntypedInit } from './client.js';
import type { Page, Pages } from './pages.js';
import type { components, operations } from './schema.js';

type Schemas = components['schemas'];
type Query<O extends keyof operations> = Omit<NonNullable<operations[O]['parameters']['query']>, 'cursor'>;

/** A query that names the members to answer with. */
type WithFields<Q, F> = Omit<Q, 'fields'> & { fields?: readonly F[] };

type ProductPage<T> = Page<T> & { facets?: Schemas['Facets'] };

/** The lists of the API, as async iterators. */
export interface Lists {
  /** Products. With `fields`, each has these members only. */
  products<F extends keyof Schemas['Product'] = keyof Schemas['Product']>(
    query?: WithFields<Query<'listProducts'>, F>,
    options?: CallOptions,
  ): Pages<Pick<Schemas['Product'], F>, ProductPage<Pick<Schemas['Product'], F>>>;
  /** Products that a text finds, best match first. */
  search<F extends keyof Schemas['SearchHit'] = keyof Schemas['SearchHit']>(
    query: WithFields<Query<'searchProducts'>, F>,
    options?: CallOptions,
  ): Pages<Pick<Schemas['SearchHit'], F>, ProductPage<Pick<Schemas['SearchHit'], F>>>;
  /** Reviews of a product. */
  reviews(slug: string, query?: Query<'listReviews'>, options?: CallOptions): Pages<Schemas['Review']>;
  /** Reviews of all products. Needs the permission `reviews:moderate`. */
  allReviews(query?: Query<'listAllReviews'>, options?: CallOptions): Pages<Schemas['ModeratedReview']>;
  /** Movements of the stock of a product, newest first. Needs the permission `stock:write`. */
  movements(slug: string, query?: Query<'listMovements'>, options?: CallOptions): Pages<Schemas['Movement']>;
  /** The log of changes, newest first. Needs the permission `changes:read`. */
  changes(query?: Query<'listChanges'>, options?: CallOptions): Pages<Schemas['Change']>;
  /** Deliveries of a webhook, newest first. Needs the permission `webhooks:manage`. */
  deliveries(webhook: string, query?: Query<'listDeliveries'>, options?: CallOptions): Pages<Schemas['Delivery']>;
}

type Open = (path: string, init: UntypedInit) => unknown;
type AnyQuery = Record<string, unknown>;

export function lists(open: Open): Record<keyof Lists, unknown> {
  const of = (path: string) => (query?: AnyQuery, options?: CallOptions) =>
    open(path, { ...options, params: { query: query ?? {} } });
  const below = (path: string, name: string) => (id: string, query?: AnyQuery, options?: CallOptions) =>
    open(path, { ...options, params: { query: query ?? {}, path: { [name]: id } } });
  return {
    products: of('/api/products'),
    search: of('/api/products/search'),
    reviews: below('/api/products/{slug}/reviews', 'slug'),
    allReviews: of('/api/reviews'),
    movements: below('/api/products/{slug}/stock', 'slug'),
    changes: of('/api/changes'),
    deliveries: below('/api/webhooks/{id}/deliveries', 'id'),
  };
}
