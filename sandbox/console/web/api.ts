/** Talks to the console's server. Every failure is a ConsoleError with a sentence for people. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
}

export async function read<T>(name: string, query: Readonly<Record<string, string>>): Promise<T> {
  return request<T>(`/console/api/${name}?${new URLSearchParams(query).toString()}`, {});
}

export async function act<T>(name: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return request<T>(`/console/api/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(30_000) }).catch(() => null);
  if (!response) throw new ConsoleError('The bot’s process does not answer. Is it still running?');
  const body = (await response.json().catch(() => null)) as unknown;
  if (response.ok) return body as T;
  throw new ConsoleError(sentenceIn(body) ?? 'Something went wrong. Please try again.');
}

function sentenceIn(body: unknown): string | null {
  const message = (body as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : null;
}

export function sentenceOf(error: unknown): string {
  return error instanceof ConsoleError ? error.message : 'Something went wrong. Please try again.';
}
