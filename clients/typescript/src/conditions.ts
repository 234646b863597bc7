/** The strong form of an `ETag`, for `If-Match`. Proxies that compress an answer make its tag weak, with `W/`. */
export function strongTag(etag: string | null): string | undefined {
  return etag?.replace(/^W\//, '');
}

/**
 * Refuses `If-Match` without a value, for example from an answer without a tag: the header would be left out, and the write
 * would overwrite whatever is there.
 */
export function checkConditions(...headers: unknown[]): void {
  for (const given of headers) {
    if (typeof given !== 'object' || given === null) continue;
    const entries = given instanceof Headers || Array.isArray(given) ? [...given] : Object.entries(given);
    for (const [name, value] of entries as [string, unknown][]) {
      const isEmpty = value === undefined || value === null || value === '';
      if (isEmpty && name.toLowerCase() === 'if-match') throw new TypeError('If-Match has no value');
    }
  }
}
