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

/** A transaction whose statements run twice: as they are, and before that with EXPLAIN ANALYZE. */
export function explained(sql: Knex.Transaction): { readonly sql: object; found(): Explained } {
  let ms = 0;
  const nodes: PlanNode[] = [];
  const raw = async (text: string, bindings: readonly Knex.RawBinding[]): Promise<unknown> => {
    const answer = await sql.raw<Answer>(`explain (analyze, timing off, format json) ${text}`, [...bindings]);
    const [plan] = answer.rows[0]['QUERY PLAN'];
    ms += plan['Planning Time'] + plan['Execution Time'];
    nodes.push(...flatten(plan.Plan));
    return sql.raw(text, [...bindings]);
  };
  const named = (pattern: RegExp) => nodes.filter((node) => pattern.test(node['Node Type']));
  const found = () => ({
    ms,
    sorts: named(/Sort/).map((node) => node['Node Type']),
    scans: named(/^Seq Scan$/).map((node) => node['Relation Name'] ?? ''),
  });
  return { sql: { raw }, found };
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
