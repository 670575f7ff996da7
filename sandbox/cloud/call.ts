import type { Meet } from './faults.js';
import type { SandboxApp } from './tenants.js';

/** A request to one of the APIs. */
export interface ApiCall {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly prefer: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** A request of an app that may ask, for one tenant. */
export interface Visit extends ApiCall {
  readonly tenant: string;
  readonly app: SandboxApp;
  readonly meet: Meet;
  readonly now: Date;
}

/** The body as JSON, or null when it is none. */
export function jsonBody(call: ApiCall): unknown {
  try {
    return JSON.parse(call.body);
  } catch {
    return null;
  }
}
