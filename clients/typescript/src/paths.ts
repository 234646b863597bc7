type Parameters = Record<string, unknown>;

/** Ids of images have folders, such as `products/42`. */
const WITH_SLASHES = ['public_id'];

/**
 * Fills in the parameters of a path.
 *
 * An empty parameter, `..` or a slash would make the address of another operation: a delete of the image `..` would be a
 * delete of something else.
 *
 * @throws TypeError if a parameter is missing or can't be a part of a path
 */
export function serializePath(path: string, parameters: Parameters): string {
  return path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => serialize(name, parameters[name]));
}

function serialize(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new TypeError(`the path parameter ${name} is missing: it must be a text or a number`);
  }
  const segments = String(value).split(/[/\\]/);
  const isSafe = segments.every((segment) => !['', '.', '..'].includes(segment));
  const isWhole = segments.length === 1 || (WITH_SLASHES.includes(name) && !String(value).includes('\\'));
  if (isSafe && isWhole) return segments.map((segment) => encodeURIComponent(segment)).join('/');
  throw new TypeError(`the path parameter ${name} can't be ${JSON.stringify(value)}: it would lead to another address`);
}
