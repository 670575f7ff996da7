import type { Knex } from 'knex';

/** What PostgreSQL says of the statements of one page. */
export interface Explained {
  /** Planning and execution of all statements. */
  readonly ms: number;
  /** Sort nodes, by type. */
  readonly sorts: readonly string[];
  /** Tables that were read sequentially. */
  readonly scans: readonly string[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

interface Answer {
  readonly rows: readonly [
    { 'QUERY PLAN': readonly [{ Plan: PlanNode; 'Planning Time': number; 'Execution Time': number }] },
  ];
}

/**
 * A transaction whose statements run twice: as they are, and before that with EXPLAIN ANALYZE. Since statements are named,
 * PostgreSQL may also use the plan that suits any values, so the nodes of that one are looked at too.
 */
export function explained(sql: Knex.Transaction): { readonly sql: object; found(): Explained } {
  let ms = 0;
  const nodes: PlanNode[] = [];
  const run = async (text: string, bindings: readonly Knex.RawBinding[]): Promise<unknown> => {
    const answer = await sql.raw<Answer>(`explain (analyze, timing off, format json) ${text}`, [...bindings]);
    const [plan] = answer.rows[0]['QUERY PLAN'];
    ms += plan['Planning Time'] + plan['Execution Time'];
    const generic = await sql.raw<Answer>(`explain (generic_plan, format json) ${numbered(text)}`);
    nodes.push(...flatten(plan.Plan), ...flatten(generic.rows[0]['QUERY PLAN'][0].Plan));
    return sql.raw(text, [...bindings]);
  };
  const raw = (text: string, bindings: readonly Knex.RawBinding[]) => ({ options: () => run(text, bindings) });
  const named = (pattern: RegExp) => nodes.filter((node) => pattern.test(node['Node Type']));
  const found = () => ({
    ms,
    sorts: named(/Sort/).map((node) => node['Node Type']),
    scans: named(/^Seq Scan$/).map((node) => node['Relation Name'] ?? ''),
  });
  return { sql: { raw }, found };
}

/** Placeholders as PostgreSQL writes them. */
function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${(count += 1)}`);
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
