import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { valuesOf } from './support/values.js';

describe('docs/schema.md', () => {
  let test: TestDatabase;
  let text: string;

  before(async () => {
    test = await testDatabase();
    text = await readFile(new URL('../../docs/schema.md', import.meta.url), 'utf8');
  });
  after(() => test.drop());

  const ours = "n.nspname = 'public' and c.relname not like 'knex\\_%'";

  it('describes every table and column', async () => {
    const columns = await valuesOf(
      test.urls.app,
      `select c.relname || ' ' || a.attname as value from pg_attribute a join pg_class c on c.oid = a.attrelid
       join pg_namespace n on n.oid = c.relnamespace
       where ${ours} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
    );
    const described = new Set(
      sections(text).flatMap(([table, body]) => firstCells(body).map((cell) => `${table} ${cell}`)),
    );
    assert.deepEqual(
      columns.filter((column) => !described.has(column)),
      [],
    );
  });

  it('names every index and the query it serves', async () => {
    const indexes = await valuesOf(
      test.urls.app,
      `select c.relname as value from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and c.relkind = 'i'`,
    );
    const served = (name: string) => new RegExp(`^\\| ${name}( \\(unique\\))? +\\|.*\\| \\S[^|]*\\|$`, 'm').test(text);
    assert.deepEqual(
      indexes.filter((name) => !served(name)),
      [],
    );
  });
});

function sections(text: string): (readonly [table: string, body: string])[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const);
}

function firstCells(body: string): string[] {
  return [...body.matchAll(/^\| ([a-z_]+) +\|/gm)].map((match) => match[1] ?? '');
}
