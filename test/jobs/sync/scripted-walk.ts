import { SourceError } from '../../../domain/sync/source.js';
import type { SourcePage, TenantConnection, Walk } from '../../../domain/sync/source.js';

/** A page of a script: its records, or more than that, or what happens instead. */
export type PageStep<Item> =
  readonly Item[] | Partial<SourcePage<Item>> | SourceError | ((signal: AbortSignal) => Promise<readonly Item[]>);

export interface ScriptedWalk<Item> {
  readonly walk: Walk<Item>;
  /** One entry for each walk to come. A walk without a script is the last one again. */
  readonly script: (readonly PageStep<Item>[])[];
  /** Entra tenants that were asked, in order. */
  readonly asked: string[];
}

export function scriptedWalk<Item>(): ScriptedWalk<Item> {
  const script: (readonly PageStep<Item>[])[] = [];
  const asked: string[] = [];
  let last: readonly PageStep<Item>[] = [];
  return {
    script,
    asked,
    async *walk({ entraTenantId }, signal) {
      asked.push(entraTenantId);
      last = script.shift() ?? last;
      for (const step of last) yield await pageOf(step, signal);
    },
  };
}

/** The same for a source that is asked for what came later than a time; `asked` is told each of them. */
export function sinceTimes<Item>({ walk }: ScriptedWalk<Item>, asked: (Date | null)[] = []) {
  return (connection: TenantConnection, since: Date | null, signal: AbortSignal) => {
    asked.push(since);
    return walk(connection, signal);
  };
}

async function pageOf<Item>(step: PageStep<Item>, signal: AbortSignal): Promise<SourcePage<Item>> {
  if (step instanceof SourceError) throw step;
  const given = typeof step === 'function' ? await step(signal) : step;
  const page = isItems(given) ? { items: given } : given;
  return { items: [], malformed: [], partial: false, ...page };
}

function isItems<Item>(given: readonly Item[] | Partial<SourcePage<Item>>): given is readonly Item[] {
  return Array.isArray(given);
}
