import type { Knex } from 'knex';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Nodes of the plan, and the indexes it uses. */
export interface Plan {
  readonly nodes: readonly string[];
  readonly indexes: readonly string[];
}

/** EXPLAIN, not executed, as the login of `sql`. */
export async function planOf(sql: Knex, query: string, bindings: readonly Knex.RawBinding[] = []): Promise<Plan> {
  const explained = await sql.raw<{ rows: [{ 'QUERY PLAN': [{ Plan: PlanNode }] }] }>(
    `explain (format json) ${query}`,
    [...bindings],
  );
  const nodes = flatten(explained.rows[0]['QUERY PLAN'][0].Plan);
  return {
    nodes: nodes.map((node) => node['Node Type']),
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
  };
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
