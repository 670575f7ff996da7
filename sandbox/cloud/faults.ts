/** What can be made to go wrong for a tenant while the sandbox runs. */
export type Fault =
  | { readonly kind: 'throttle'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'server_error'; readonly status: 500 | 502 | 503 | 504; readonly html?: boolean }
  /** The request is taken and never answered. */
  | { readonly kind: 'hang' }
  /** Drops the connection without an answer. */
  | { readonly kind: 'reset' }
  /** HTTP 206 with a Warning: one provider is missing. */
  | { readonly kind: 'partial' }
  | { readonly kind: 'consent_revoked' }
  | { readonly kind: 'permission_missing' }
  | { readonly kind: 'token_refused' }
  | { readonly kind: 'not_licensed' }
  /** HTTP 404 with an empty body. */
  | { readonly kind: 'not_found' }
  | { readonly kind: 'malformed_record' }
  | { readonly kind: 'malformed_json' }
  /** never: full pages without a link; endless, repeated, foreign: links that should not be followed for ever or at all. */
  | { readonly kind: 'next_link'; readonly give: 'never' | 'endless' | 'repeated' | 'foreign'; readonly host?: string }
  | { readonly kind: 'secret_expired' }
  | { readonly kind: 'secret_wrong' }
  | { readonly kind: 'short_token'; readonly lifetimeSeconds: number }
  | { readonly kind: 'entra_throttle'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'entra_error'; readonly status: 500 | 502 | 503; readonly html?: boolean }
  | { readonly kind: 'entra_hang' }
  /** Something that writes takes effect, but its answer does not arrive or is an error. */
  | { readonly kind: 'answer_lost'; readonly how: 'reset' | 'hang' | 'server_error' }
  /** The fate of machine actions begun from now on; a stuck one stays Pending, as on a device that is offline. */
  | { readonly kind: 'action_fails'; readonly errorHResult?: number }
  | { readonly kind: 'action_times_out' }
  | { readonly kind: 'action_stuck' };

export type FaultKind = Fault['kind'];

/** intune is Graph's /deviceManagement, graph all the rest of it. */
export type Api = 'graph' | 'defender' | 'intune' | 'entra';

/** Which requests a fault meets; all of the tenant where nothing is said. */
export interface FaultScope {
  /** How many it meets before it ends by itself. */
  readonly times?: number;
  /** How many pass first, for example the first page. */
  readonly after?: number;
  readonly api?: Api;
  /** Client id of the application that asks. */
  readonly app?: string;
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** A part of path and query, for example `/isolate` or `$skip=20`. */
  readonly path?: string;
}

/** A request as faults look at it. */
export interface FaultPlace {
  readonly api: Api;
  readonly app: string | null;
  readonly method: string;
  /** Path and query, decoded. */
  readonly target: string;
}

export interface Faults {
  /** Replaces a fault of the same kind and API. It ends by itself after `times` requests, else with `turnOff`. */
  turnOn(tenant: string, fault: Fault, scope?: number | FaultScope): void;
  /** Without a kind: all of them; without an API: whatever their API. */
  turnOff(tenant: string, kind?: FaultKind, api?: Api): void;
  /** With an API: only those that are limited to it. */
  active(tenant: string, api?: Api): readonly Fault[];
}

/** The fault of that kind that this request meets, which counts as one time. */
export type Meet = <K extends FaultKind>(kind: K) => Extract<Fault, { kind: K }> | undefined;

/** The same, for the cloud itself. */
export interface MeetableFaults extends Faults {
  at(tenant: string, place: FaultPlace): Meet;
}

interface Entry {
  readonly fault: Fault;
  readonly scope: FaultScope;
  passing: number;
  left: number;
}

export function createFaults(): MeetableFaults {
  const tenants = new Map<string, Map<string, Entry>>();
  const of = (tenant: string) => {
    const known = tenants.get(tenant) ?? new Map<string, Entry>();
    tenants.set(tenant, known);
    return known;
  };

  function turnOn(tenant: string, fault: Fault, limits: number | FaultScope = {}): void {
    const scope = typeof limits === 'number' ? { times: limits } : limits;
    const entry = { fault, scope, passing: scope.after ?? 0, left: scope.times ?? Infinity };
    of(tenant).set(`${fault.kind} ${scope.api ?? ''}`, entry);
  }

  function turnOff(tenant: string, kind?: FaultKind, api?: Api): void {
    for (const [key, { fault, scope }] of of(tenant)) {
      if ((kind ?? fault.kind) === fault.kind && (api ?? scope.api) === scope.api) of(tenant).delete(key);
    }
  }

  function meet<K extends FaultKind>(tenant: string, kind: K, place: FaultPlace) {
    const entries = tenants.get(tenant);
    for (const [key, entry] of entries ?? []) {
      if (entry.fault.kind !== kind || !covers(entry.scope, place)) continue;
      if (entry.passing-- > 0) continue;
      entry.left -= 1;
      if (entry.left <= 0) entries?.delete(key);
      return entry.fault as Extract<Fault, { kind: K }>;
    }
    return undefined;
  }

  return {
    turnOn,
    turnOff,
    active: (tenant, api) =>
      [...of(tenant).values()].filter(({ scope }) => api === undefined || scope.api === api).map(({ fault }) => fault),
    at: (tenant, place) => (kind) => meet(tenant, kind, place),
  };
}

function covers(scope: FaultScope, place: FaultPlace): boolean {
  return (
    (scope.api ?? place.api) === place.api &&
    (scope.app ?? place.app) === place.app &&
    (scope.method ?? place.method) === place.method &&
    place.target.includes(scope.path ?? '')
  );
}
