import type { components } from './schema.js';

/** The body of a failed request (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** One invalid field or parameter of a request. */
export type FieldError = components['schemas']['FieldError'];

const PREFIX = 'urn:eggypro:problem:';

/** The server has answered that the request failed. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  /** The answer. Its body has been read. */
  readonly response: Response;

  constructor(problem: Problem, response: Response) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
    this.problem = problem;
    this.response = response;
  }

  get status(): number {
    return this.problem.status;
  }

  /** The kind of problem, such as `validation-failed`. It is stable. */
  get kind(): string {
    const { type } = this.problem;
    return type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type;
  }

  /** Every invalid field or parameter; empty if fields are not the problem. */
  get errors(): readonly FieldError[] {
    return this.problem.errors ?? [];
  }

  /** Names the request in the server's log. */
  get requestId(): string | undefined {
    return this.problem.request_id ?? this.response.headers.get('X-Request-Id') ?? undefined;
  }
}

/** No answer came: each try failed or took too long. `cause` is the last failure. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly tries: number;

  constructor(tries: number, cause: unknown) {
    super(`no answer after ${tries} ${tries === 1 ? 'try' : 'tries'}`, { cause });
    this.tries = tries;
  }
}

/** The problem in an answer. A proxy may answer without one, for example with a page in HTML. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const text = await response.text();
  return new ProblemError(parse(text) ?? fallback(response), response);
}

function parse(text: string): Problem | undefined {
  try {
    const body = JSON.parse(text) as Partial<Problem> | null;
    return typeof body?.type === 'string' && typeof body.status === 'number' ? (body as Problem) : undefined;
  } catch {
    return undefined;
  }
}

function fallback(response: Response): Problem {
  return {
    type: 'about:blank',
    status: response.status,
    title: response.statusText || 'Failed',
    detail: isRedirect(response) ? redirected(response) : 'The answer does not say why.',
  };
}

/** A browser hides the status and the headers of a redirect that it does not follow. */
function isRedirect({ type, status }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
}

function redirected({ headers }: Response): string {
  const location = headers.get('Location');
  return `The request was redirected${location ? ` to ${location}` : ''}. A write is not sent to another address.`;
}
