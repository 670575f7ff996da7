import type { TableFacts } from './catalog.js';
import { fact } from './check.js';
import type { Check } from './check.js';
import { expectedTables } from './expected/all.js';
import type { ExpectedTable } from './expected/table.js';

type Catalog = ReadonlyMap<string, TableFacts>;

/** Tables and columns, references with delete rules, unique keys and indexes, each against the lists in expected/. */
export function shapeChecks(catalog: Catalog): Check[] {
  return [
    ...expectedTables.map((table) => columnsCheck(catalog, table)),
    ...expectedTables.flatMap((table) => referenceChecks(catalog, table)),
    ...expectedTables.flatMap((table) => uniqueChecks(catalog, table)),
    ...expectedTables.flatMap((table) => indexChecks(catalog, table)),
  ];
}

function columnsCheck(catalog: Catalog, expected: ExpectedTable): Check {
  return fact(`table ${expected.name}: columns and types`, () => {
    const found = catalog.get(expected.name);
    if (!found) return 'the table is missing';
    const faults = Object.entries(expected.columns).flatMap(([column, type]) => {
      const is = found.columns[column];
      if (is === undefined) return [`${column} is missing`];
      const same = expected.adoptable ? family(is) === family(type) : is === type;
      return same ? [] : [`${column} is ${is}, expected ${type}`];
    });
    return faults.length === 0 ? null : faults.join('; ');
  });
}

/** The type without length and NOT NULL; varchar and text are one. */
function family(type: string): string {
  return type
    .replace(/ not null$/, '')
    .replace(/\(\d+\)/, '')
    .replace('character varying', 'text');
}

function referenceChecks(catalog: Catalog, expected: ExpectedTable): Check[] {
  return expected.references.map((reference) =>
    fact(`reference ${expected.name} ${reference}`, () => {
      const found = catalog.get(expected.name)?.references ?? [];
      if (found.includes(reference)) return null;
      const [target] = reference.split(' ON DELETE ');
      const other = found.find((candidate) => candidate.split(' ON DELETE ')[0] === target);
      if (other && expected.adoptable) return null;
      return other ? `its delete rule differs: ${other}` : 'it is missing';
    }),
  );
}

function uniqueChecks(catalog: Catalog, expected: ExpectedTable): Check[] {
  return expected.unique.map((key) =>
    fact(`unique ${expected.name} ${key}`, () => {
      const found = catalog.get(expected.name)?.indexes.some((index) => index.unique && index.definition === key);
      return found ? null : 'it is missing';
    }),
  );
}

function indexChecks(catalog: Catalog, expected: ExpectedTable): Check[] {
  return Object.entries(expected.indexes).map(([name, definition]) =>
    fact(`index ${name}`, () => {
      const found = catalog.get(expected.name)?.indexes.find((index) => index.name === name);
      if (!found) return 'it is missing';
      return found.definition === definition ? null : `it is ${found.definition}, expected ${definition}`;
    }),
  );
}
