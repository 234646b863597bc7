import { WebhookError, WebhookVerifier, type WebhookEvent } from '@eggypro/client';
import { revalidateTag } from 'next/cache';

import { readBody } from '@/lib/body';
import { tagsOf } from '@/lib/tags';

/** The largest body, in bytes. An event is far smaller. */
const LARGEST = 5 * 1024 * 1024;

/** Receives the events of a webhook, and renews the pages that they have changed. */
export async function POST(request: Request): Promise<Response> {
  const verifier = makeVerifier();
  if (!verifier) return new Response('WEBHOOK_SECRET is missing or not a secret', { status: 503 });
  const body = await readBody(request, LARGEST);
  if (!body) return new Response(null, { status: 413 });
  let event: WebhookEvent;
  try {
    event = await verifier.verify(body, request.headers);
  } catch (error) {
    if (error instanceof WebhookError) return new Response(error.message, { status: 400 });
    throw error;
  }
  // At once: the next visitor must not see the old price. To repeat it for a repeated event is harmless.
  for (const tag of tagsOf(event)) revalidateTag(tag, { expire: 0 });
  return new Response(null, { status: 204 });
}

/** `undefined` if the setting is wrong. */
function makeVerifier(): WebhookVerifier | undefined {
  const secrets = (process.env.WEBHOOK_SECRET ?? '').split(',').map((secret) => secret.trim()).filter(Boolean);
  try {
    return new WebhookVerifier(secrets);
  } catch {
    return undefined;
  }
}
