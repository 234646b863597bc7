import { WebhookError, WebhookVerifier } from '@eggypro/client';
import { revalidateTag } from 'next/cache';

import { tagsOf } from '@/lib/tags';

/** The largest body, in bytes. An event is far smaller. */
const LARGEST = 5 * 1024 * 1024;

/** Receives the events of a webhook, and renews the pages that they have changed. */
export async function POST(request: Request): Promise<Response> {
  const secrets = process.env.WEBHOOK_SECRET?.split(',').filter(Boolean) ?? [];
  if (secrets.length === 0) return new Response('WEBHOOK_SECRET is not set', { status: 503 });
  if (Number(request.headers.get('Content-Length') ?? 0) > LARGEST) return new Response(null, { status: 413 });
  try {
    const event = await new WebhookVerifier(secrets).verifyRequest(request);
    // At once: the next visitor must not see the old price. To repeat it for a repeated event is harmless.
    for (const tag of tagsOf(event)) revalidateTag(tag, { expire: 0 });
    return new Response(null, { status: 204 });
  } catch (error) {
    if (error instanceof WebhookError) return new Response(error.message, { status: 400 });
    throw error;
  }
}
