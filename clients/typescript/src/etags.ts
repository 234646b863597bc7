/** Limits of the memory of answers. */
export interface EtagOptions {
  /** The most answers to keep. 0 turns the memory off. Default: 100. */
  entries?: number;
  /** The most bytes of bodies to keep. Default: 4 MiB. */
  bytes?: number;
}

interface Kept {
  etag: string;
  headers: Headers;
  body: ArrayBuffer;
}

/**
 * The latest answers with an `ETag`, so that a read that is repeated can ask whether its answer has changed. The answer
 * that was used longest ago is dropped first.
 */
export class EtagMemory {
  readonly #kept = new Map<string, Kept>();
  readonly #entries: number;
  readonly #bytes: number;
  #size = 0;

  constructor({ entries = 100, bytes = 4 * 1024 * 1024 }: EtagOptions = {}) {
    this.#entries = entries;
    this.#bytes = bytes;
  }

  /** Adds `If-None-Match` to a read whose answer is kept, and returns that answer. */
  ask(request: Request): Kept | undefined {
    if (request.method !== 'GET' || request.headers.has('If-None-Match')) return undefined;
    const kept = this.#kept.get(keyOf(request));
    if (kept) request.headers.set('If-None-Match', kept.etag);
    return kept;
  }

  /** Keeps an answer if it has a tag and may be stored. */
  keep(request: Request, response: Response, body: ArrayBuffer): void {
    const etag = response.headers.get('ETag');
    const isStorable = !/\bno-store\b/i.test(response.headers.get('Cache-Control') ?? '');
    const isOwn = request.method === 'GET' && response.status === 200;
    if (!isOwn || !etag || !isStorable || body.byteLength > this.#bytes) return;
    const key = keyOf(request);
    this.#drop(key);
    this.#kept.set(key, { etag, headers: response.headers, body });
    this.#size += body.byteLength;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#entries && this.#size <= this.#bytes) break;
      this.#drop(oldest);
    }
  }

  /** The kept answer, with the headers of the 304 that confirms it. */
  confirm(request: Request, kept: Kept, notModified: Response): Response {
    const key = keyOf(request);
    // Moves it to the end: it is the latest in use.
    if (this.#kept.delete(key)) this.#kept.set(key, kept);
    const headers = new Headers(kept.headers);
    notModified.headers.forEach((value, name) => headers.set(name, value));
    return new Response(kept.body, { status: 200, headers });
  }

  #drop(key: string): void {
    this.#size -= this.#kept.get(key)?.body.byteLength ?? 0;
    this.#kept.delete(key);
  }
}

/** Callers with other credentials may see other answers. */
function keyOf(request: Request): string {
  return [request.url, request.headers.get('Authorization'), request.headers.get('Accept')].join('\n');
}
