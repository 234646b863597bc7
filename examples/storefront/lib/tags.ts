import { isGone, type WebhookEvent } from '@eggypro/client';

/** The tags of the pages that an event has changed. */
export function tagsOf(event: WebhookEvent): string[] {
  switch (event.type) {
    case 'webhook.test':
    case 'webhook.disabled':
      return [];
    case 'category.created':
    case 'category.updated':
    case 'category.deleted':
      return ['categories', 'products'];
    case 'review.submitted':
    case 'review.verified':
    case 'review.unverified':
    case 'review.deleted':
      // A new review is shown once a moderator has approved it. The review of a deleted one names no product, but the
      // product's own event does.
      return isGone(event.data) ? [] : [`product:${event.data.product.slug}`];
    default:
      return ['products', ...slugsOf(event)];
  }
}

/** After a change of the slug, the subject has the new one. */
function slugsOf(event: Pick<WebhookEvent, 'subject'> & { data: { slug?: string | null } }): string[] {
  const slugs = [event.subject.split('/').at(-1), event.data.slug];
  return [...new Set(slugs)].filter(Boolean).map((slug) => `product:${slug}`);
}
