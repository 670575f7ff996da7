import { withClient } from './administrator.js';
import { readColumns } from './row-columns.js';
import type { ColumnFacts } from './row-columns.js';

/** Prettier's width; a union that does not fit stands one label a line. */
const width = 120;

const header = `/** Generated from a migrated database by \`npm run types:rows\`. Do not edit; a test finds drift. */\n`;

/** What node-postgres returns for each type, with its default parsers. */
const typeScript: Readonly<Record<string, string>> = {
  bigint: 'string',
  boolean: 'boolean',
  bytea: 'Buffer',
  'character varying': 'string',
  integer: 'number',
  interval: 'unknown',
  jsonb: 'unknown',
  numeric: 'string',
  smallint: 'number',
  text: 'string',
  'text[]': 'string[]',
  'timestamp with time zone': 'Date',
  uuid: 'string',
  xid8: 'string',
};

/** TypeScript for the rows of every table of the schema public: the text of database/rows.ts. `url` is any login that connects. */
export async function rowTypes(url: string): Promise<string> {
  const { columns, enums } = await withClient(url, readColumns);
  const unions = [...enums].map(
    ([name, labels]) =>
      `export type ${pascal(name)} =${union(labels, `export type ${pascal(name)} = ;`.length, '')};\n`,
  );
  const interfaces = [...byTable(columns)].map(([table, of]) => interfaceOf(table, of));
  return [header, ...unions, ...interfaces].join('\n');
}

function interfaceOf(table: string, columns: readonly ColumnFacts[]): string {
  const [first] = columns;
  const comment = first?.tableComment ? `${jsDoc(first.tableComment)}\n` : '';
  return `${comment}export interface ${pascal(table)}Row {\n${columns.map(property).join('')}}\n`;
}

function property(column: ColumnFacts): string {
  const comment = column.comment ? `  ${jsDoc(column.comment)}\n` : '';
  const nullable = column.notNull || typeOf(column) === 'unknown' ? '' : ' | null';
  if (column.labels.length === 0) return `${comment}  ${column.name}: ${typeOf(column)}${nullable};\n`;
  const labels = column.notNull ? column.labels : [...column.labels, null];
  return `${comment}  ${column.name}:${union(labels, column.name.length + 4, '  ')};\n`;
}

function typeOf(column: ColumnFacts): string {
  if (column.isEnum) return pascal(column.type);
  const type = typeScript[column.type];
  if (type) return type;
  throw new Error(`${column.table}.${column.name} is of type ${column.type}, which row-types.ts does not know yet.`);
}

/** The part after the colon or equals sign; `used` is what the line holds besides. */
function union(labels: readonly (string | null)[], used: number, indent: string): string {
  const literals = labels.map((label) => (label === null ? 'null' : `'${label}'`));
  const line = ` ${literals.join(' | ')}`;
  if (used + line.length <= width) return line;
  if (indent === '' && line.length + 2 <= width) return `\n ${line}`;
  return literals.map((literal) => `\n${indent}  | ${literal}`).join('');
}

function pascal(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function jsDoc(text: string): string {
  return `/** ${text.replaceAll('*/', '* /')} */`;
}

function byTable(columns: readonly ColumnFacts[]): Map<string, ColumnFacts[]> {
  const tables = new Map<string, ColumnFacts[]>();
  for (const column of columns) tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  return tables;
}
