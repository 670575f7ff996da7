import type { IncomingMessage, ServerResponse } from 'node:http';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Why this request may not reach the console; null when it may. The console acts as any person without a password, so only
 * the browser on this machine gets in: other hosts by address, rebound names by Host, foreign pages by Origin.
 */
export function refusal(req: IncomingMessage): string | null {
  const remote = req.socket.remoteAddress ?? '';
  if (!/^(127\.|::1$|::ffff:127\.)/.test(remote)) return 'The console answers on this machine only.';
  const host = req.headers.host ?? '';
  if (!loopbackNames.has(nameOf(host))) return 'The console answers to 127.0.0.1 and localhost only.';
  const origin = req.headers.origin;
  if (origin !== undefined && origin !== `http://${host}`) return 'The console answers to its own page only.';
  const site = req.headers['sec-fetch-site'];
  if (req.url?.startsWith('/console/api/') && site !== undefined && site !== 'same-origin' && site !== 'none')
    return 'The console answers to its own page only.';
  if (req.method === 'GET' || req.method === 'HEAD') return null;
  // A form or a simple request of a foreign page cannot send this type without asking first.
  return req.headers['content-type']?.startsWith('application/json') ? null : 'Send JSON.';
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

export function setSecurityHeaders(res: ServerResponse): void {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  res.setHeader('content-security-policy', policy.join('; '));
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
  res.setHeader('cross-origin-opener-policy', 'same-origin');
  res.setHeader('cross-origin-resource-policy', 'same-origin');
  res.setHeader('cache-control', 'no-store');
}
