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
  | { readonly kind: 'entra_hang' };

export type FaultKind = Fault['kind'];

export interface Faults {
  /** Replaces a fault of the same kind. It ends by itself after `times` requests, else with `turnOff`. */
  turnOn(tenant: string, fault: Fault, times?: number): void;
  /** Without a kind: all of them. */
  turnOff(tenant: string, kind?: FaultKind): void;
  active(tenant: string): readonly Fault[];
}

/** The same, for the cloud itself: a fault that is met counts as one time. */
export interface MeetableFaults extends Faults {
  meet<K extends FaultKind>(tenant: string, kind: K): Extract<Fault, { kind: K }> | undefined;
}

export function createFaults(): MeetableFaults {
  const tenants = new Map<string, Map<FaultKind, { fault: Fault; left: number }>>();
  const of = (tenant: string) => {
    const known = tenants.get(tenant) ?? new Map<FaultKind, { fault: Fault; left: number }>();
    tenants.set(tenant, known);
    return known;
  };
  return {
    turnOn: (tenant, fault, times = Infinity) => void of(tenant).set(fault.kind, { fault, left: times }),
    turnOff: (tenant, kind) => (kind === undefined ? of(tenant).clear() : void of(tenant).delete(kind)),
    active: (tenant) => [...of(tenant).values()].map(({ fault }) => fault),
    meet: <K extends FaultKind>(tenant: string, kind: K) => {
      const entry = of(tenant).get(kind);
      if (!entry) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) of(tenant).delete(kind);
      return entry.fault as Extract<Fault, { kind: K }>;
    },
  };
}
