/**
 * Turns the body of a call into that of a request: an object with files into a form, other objects into JSON. Files, text
 * and streams stay as they are.
 */
export function serializeBody(body: unknown): unknown {
  if (typeof body === 'string' || isBinary(body) || body instanceof FormData) return body;
  return hasFiles(body) ? formOf(body) : JSON.stringify(body);
}

/** Whether the body can be read only once, so that the request can't be repeated. */
export function isStream(body: unknown): body is ReadableStream {
  return body instanceof ReadableStream;
}

function isBinary(body: unknown): boolean {
  return body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body) || isStream(body);
}

function isFile(value: unknown): value is Blob {
  return value instanceof Blob;
}

function hasFiles(body: unknown): body is Record<string, Blob | Blob[]> {
  return typeof body === 'object' && body !== null && Object.values(body).flat().some(isFile);
}

function formOf(body: Record<string, Blob | Blob[]>): FormData {
  const form = new FormData();
  for (const [name, files] of Object.entries(body)) {
    for (const file of [files].flat()) form.append(name, file);
  }
  return form;
}
