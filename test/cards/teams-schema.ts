import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const root = new URL('../../', import.meta.url);
const types = new URL('node_modules/@microsoft/teams.cards/', root);

interface Schema {
  readonly definitions: Record<string, { properties?: Record<string, unknown> }>;
}

function generated(): Schema {
  const { version } = JSON.parse(readFileSync(new URL('package.json', types), 'utf8')) as { version: string };
  const folder = new URL('node_modules/.cache/avian/', root);
  const cache = new URL(`teams-card-schema-${version}.json`, folder);
  if (existsSync(cache)) return JSON.parse(readFileSync(cache, 'utf8')) as Schema;
  const path = new URL('dist/core.d.ts', types).pathname;
  // Without exposing all, the generator does not come to an end.
  const generator = createGenerator({ path, type: 'IAdaptiveCard', expose: 'all', skipTypeCheck: true });
  const schema = generator.createSchema('IAdaptiveCard');
  mkdirSync(folder, { recursive: true });
  writeFileSync(cache, JSON.stringify(schema));
  return schema as unknown as Schema;
}

/** What Teams' own types allow and nothing else: wrong words, unknown elements and unknown properties are faults. */
export function teamsCardValidator(): ValidateFunction {
  const schema = structuredClone(generated());
  const properties = schema.definitions['ITeamsCardProperties']?.properties;
  if (!properties?.['width']) throw new Error('The Teams card types have changed: ITeamsCardProperties.width is gone');
  // The types say 'full', the documents and the clients 'Full'.
  properties['width'] = { const: 'Full' };
  return new Ajv({ strict: false, allErrors: false }).compile(schema);
}
