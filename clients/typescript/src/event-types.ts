import type { components, operations } from './schema.js';

type Schemas = components['schemas'];

/** The type of an event, such as `product.updated`. */
export type EventType = NonNullable<NonNullable<operations['listEvents']['parameters']['query']>['types']>[number];

/** A deleted resource. All others have a `created_at`, by which TypeScript distinguishes them. */
export type Gone = Schemas['Gone'] & { created_at?: never };

interface EventOf<Type extends string, Data> {
  /** The same however often the event is read or delivered. */
  id: string;
  type: Type;
  time: string;
  /** The address of what the event is about. */
  subject: string;
  /**
   * The subject as it is at the time of the read. It may be deleted by then, whatever the type of the event: see
   * `isGone`.
   */
  data: Data | Gone;
}

type TypesOf<Group extends string> = Extract<EventType, `${Group}.${string}`>;

export type ProductEvent = EventOf<TypesOf<'product'>, Schemas['Product']>;
export type StockEvent = EventOf<TypesOf<'stock'>, Schemas['Product']>;
export type CategoryEvent = EventOf<TypesOf<'category'>, Schemas['Category']>;
export type ReviewEvent = EventOf<TypesOf<'review'>, Schemas['ModeratedReview']>;

/** The server has switched a webhook off. `data` is its state at that time. */
export type WebhookDisabledEvent = Omit<EventOf<TypesOf<'webhook'>, never>, 'data'> & {
  data: Schemas['DisabledWebhook'];
};

/** An event. Later versions of the server add types, so do nothing with a type that you don't know. */
export type Event = ProductEvent | StockEvent | CategoryEvent | ReviewEvent | WebhookDisabledEvent;

/** What a webhook receives: an event, or the test of the webhook. */
export type WebhookEvent = Event | EventOf<'webhook.test', Schemas['Webhook']>;

/** Whether the subject of an event is deleted. Then the event has only its id and its slug. */
export function isGone(data: object): data is Gone {
  return !('created_at' in data);
}
