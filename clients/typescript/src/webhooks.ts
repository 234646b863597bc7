import type { WebhookEvent } from './event-types.js';

/** Why a request is not accepted as a webhook's. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}

/** The headers of a request, as browsers, frameworks or Node.js hold them. */
export type WebhookHeaders = Headers | Record<string, string | readonly string[] | undefined>;

export interface WebhookOptions {
  /** How far the time of a request may be from now, in seconds. Default: 300. */
  tolerance?: number;
  /** The current time in milliseconds. Default: `Date.now`. */
  now?: () => number;
}

/** Verifies requests of webhooks, signed as Standard Webhooks 1.0 specifies. */
export class WebhookVerifier {
  readonly #secrets: Uint8Array<ArrayBuffer>[];
  readonly #tolerance: number;
  readonly #now: () => number;

  /**
   * Takes the secret of the webhook, `whsec_…`. While it is rotated, take the new one and the old one.
   *
   * @throws WebhookError if a text is not a secret
   */
  constructor(secrets: string | readonly string[], { tolerance = 300, now = Date.now }: WebhookOptions = {}) {
    this.#secrets = [secrets].flat().map(parseSecret);
    if (this.#secrets.length === 0) throw new WebhookError('at least one secret is needed');
    this.#tolerance = tolerance;
    this.#now = now;
  }

  /**
   * The event of a request. It needs the body as it arrived: JSON that was parsed and written again has another
   * signature.
   *
   * @throws WebhookError if the request was not signed with one of the secrets, is too old or is ahead of its time
   */
  async verify(body: string | Uint8Array | ArrayBuffer, headers: WebhookHeaders): Promise<WebhookEvent> {
    const id = read(headers, 'webhook-id');
    const timestamp = read(headers, 'webhook-timestamp');
    this.#checkTime(timestamp);
    const given = signaturesOf(read(headers, 'webhook-signature'));
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
    const content = concat(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
    for (const secret of this.#secrets) {
      const expected = await sign(secret, content);
      if (given.some((signature) => areEqual(signature, expected))) return parseEvent(bytes);
    }
    throw new WebhookError('no signature is right');
  }

  /** The event of a `Request`, whose body it reads. */
  async verifyRequest(request: Request): Promise<WebhookEvent> {
    return this.verify(await request.arrayBuffer(), request.headers);
  }

  #checkTime(timestamp: string): void {
    if (!/^\d{1,15}$/.test(timestamp)) throw new WebhookError('webhook-timestamp is not a number of seconds');
    const distance = Math.abs(this.#now() / 1000 - Number(timestamp));
    if (distance > this.#tolerance) throw new WebhookError('webhook-timestamp is too far from now');
  }
}

function parseSecret(text: string): Uint8Array<ArrayBuffer> {
  const bytes = text.startsWith('whsec_') ? decodeBase64(text.slice('whsec_'.length)) : undefined;
  if (!bytes || bytes.length < 24 || bytes.length > 64) {
    throw new WebhookError('a secret is whsec_ and Base64 of 24 to 64 bytes');
  }
  return bytes;
}

function read(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : plain(headers, name);
  if (!value) throw new WebhookError(`the header ${name} is missing`);
  return value;
}

function plain(headers: Exclude<WebhookHeaders, Headers>, name: string): string | undefined {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  const value = entry?.[1];
  return typeof value === 'string' || value === undefined ? value : value[0];
}

/** The signatures of version 1. Those of other versions are skipped. */
function signaturesOf(header: string): Uint8Array[] {
  const base64 = header.split(' ').filter((signature) => signature.startsWith('v1,'));
  return base64.flatMap((signature) => decodeBase64(signature.slice('v1,'.length)) ?? []);
}

async function sign(secret: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, content));
}

/** Compares in constant time, so that its duration does not show how many bytes are right. */
function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < other.length; index += 1) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}

function parseEvent(bytes: Uint8Array): WebhookEvent {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as WebhookEvent;
  } catch (cause) {
    throw new WebhookError('the body is not JSON', { cause });
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  // `atob` also takes spaces, and Base64 without padding.
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
