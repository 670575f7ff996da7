import { randomUUID } from 'node:crypto';
import { SourceError } from '../../../domain/alerts/alert-source.js';
import type { AlertPage, AlertSource, SourceAlert, SourceFault } from '../../../domain/alerts/alert-source.js';

type Step = Partial<AlertPage> | SourceError | ((signal: AbortSignal) => Promise<Partial<AlertPage>>);

export interface ScriptedSource extends AlertSource {
  /** One entry for each read to come: its pages in order, or the error that ends it. */
  readonly reads: Step[][];
  /** What each read asked for. */
  readonly asked: (string | null)[];
}

/** A read without a script answers that there is nothing new. */
export function createScriptedSource(): ScriptedSource {
  const reads: Step[][] = [];
  const asked: (string | null)[] = [];
  return {
    reads,
    asked,
    async *pages(_connection, since, signal) {
      asked.push(since);
      for (const step of reads.shift() ?? []) {
        if (step instanceof SourceError) throw step;
        const page = typeof step === 'function' ? await step(signal) : step;
        yield { alerts: [], malformed: [], partial: false, ...page };
      }
    },
  };
}

export function fault(kind: SourceFault, message: string, retryAfterMs?: number): SourceError {
  return new SourceError(kind, message, retryAfterMs);
}

/** An unresolved alert that was made and updated `minutesAgo`. */
export function sourceAlert(minutesAgo: number, given: Partial<SourceAlert> = {}): SourceAlert {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return {
    microsoftAlertId: randomUUID(),
    microsoftIncidentId: null,
    lastUpdate: at.replace('Z', '1234Z'),
    createdAt: at,
    lastActivityAt: at,
    title: 'Suspicious sign-in',
    description: null,
    severity: 'high',
    status: 'new',
    category: 'CredentialAccess',
    threatName: null,
    device: null,
    user: null,
    metadata: {},
    ...given,
  };
}
