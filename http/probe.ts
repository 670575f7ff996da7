import type { Response } from 'restify';

export interface ProbeResult {
  readonly ok: boolean;
  /** Shown to whoever asks: words and figures, no addresses and no secrets. */
  readonly details: Readonly<Record<string, unknown>>;
}

export type Probe = () => Promise<ProbeResult>;

/** Milliseconds; an orchestrator gives up at about that time itself. */
const PATIENCE = 3_000;

/** 200 or 503. A probe that fails or hangs is a 503 too: whatever it looked at is not well. */
export async function answerProbe(response: Response, probe: Probe): Promise<void> {
  const result = await Promise.race([probe().catch(failed), hanging()]);
  response.setHeader('cache-control', 'no-store');
  response.json(result.ok ? 200 : 503, { ok: result.ok, ...result.details });
}

function failed(): ProbeResult {
  return { ok: false, details: { reason: 'The check itself failed.' } };
}

function hanging(): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const late = { ok: false, details: { reason: `No answer within ${PATIENCE / 1000} s.` } };
    setTimeout(() => resolve(late), PATIENCE).unref();
  });
}
