import type { IndexFacts, TableFacts } from './catalog.js';
import { fact } from './check.js';
import type { Check } from './check.js';
import { exemptions, listedIndexes } from './expected/exempt.js';

/** What holds for all tables alike: comments, stamps, composite references, no index that another one covers. */
export function catalogRuleChecks(catalog: ReadonlyMap<string, TableFacts>): Check[] {
  return [...catalog.values()].flatMap((table) => [
    fact(`comment on ${table.name}`, () => (table.comment ? null : 'there is none')),
    fact(`indexes of ${table.name}: none covered by another`, () => coveredIndex(table)),
    fact(`references of ${table.name}: within the tenant`, () => looseReference(table, catalog)),
    ...('updated_at' in table.columns ? [fact(`trigger on ${table.name}: updated_at`, () => stampFault(table))] : []),
  ]);
}

function stampFault(table: TableFacts): string | null {
  return table.triggers.some((trigger) => trigger.includes('app.set_updated_at()')) ? null : 'there is none';
}

/** A unique index is a rule and stays, also where a longer index begins with it. */
function coveredIndex(table: TableFacts): string | null {
  for (const index of table.indexes) {
    if (index.unique || listedIndexes.some((listed) => listed.test(index.name))) continue;
    const cover = table.indexes.find((other) => other !== index && covers(other, index));
    if (cover) return `${index.name} is a prefix of ${cover.name}`;
  }
  return null;
}

function covers(longer: IndexFacts, shorter: IndexFacts): boolean {
  const samePredicate = longer.predicate === null || longer.predicate === shorter.predicate;
  return samePredicate && shorter.columns.every((column, place) => longer.columns[place] === column);
}

const anyReference = /^\(([^)]*)\) REFERENCES (\w+)\(([^)]*)\)(.*)$/;

/** Between tenant-owned tables both sides name the tenant, and SET NULL names its column: tenant_id cannot become null. */
function looseReference(table: TableFacts, catalog: ReadonlyMap<string, TableFacts>): string | null {
  const owned = (name: string) => catalog.has(name) && !exemptions[name]?.from.includes('column');
  if (!owned(table.name)) return null;
  const loose = table.references.find((reference) => {
    const [, from = '', target = '', to = '', rule = ''] = anyReference.exec(reference) ?? [];
    if (!owned(target)) return false;
    const composite = from.startsWith('tenant_id, ') && to.startsWith('tenant_id, ');
    return !composite || /SET NULL$/.test(rule);
  });
  return loose ?? null;
}
