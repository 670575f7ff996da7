import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placeOfFault } from './json-place.js';
import type { GraphAlert } from './tenants.js';

/** What a folder of Microsoft-shaped JSON holds; docs/sandbox-data.md describes the form. */
export interface DataFolder {
  readonly alerts: readonly GraphAlert[];
  /** The files that were read, by name. */
  readonly files: readonly string[];
}

/** Reads a folder for SANDBOX_DATA. Missing files are empty; throws an Error that names file and place. */
export async function loadDataFolder(folder: string): Promise<DataFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`SANDBOX_DATA: the folder ${folder} cannot be read (${code}).`);
  });
  const files = names.filter((name) => /^alerts.*\.json$/i.test(name)).sort();
  const alerts: GraphAlert[] = [];
  for (const name of files) alerts.push(...alertsOf(join(folder, name), await readFile(join(folder, name), 'utf8')));
  return { alerts, files };
}

/** A page, a list of pages, or a list of alerts. */
function alertsOf(file: string, text: string): GraphAlert[] {
  const content = parse(file, text.replace(/^\uFEFF/, ''));
  const pages = Array.isArray(content) ? content : [content];
  if (pages.every(isPage)) return pages.flatMap((page, index) => records(`${file}, page ${index + 1}`, page.value));
  if (Array.isArray(content)) return records(file, content);
  throw new Error(`${file}: expected a Graph page {"value": [...]}, a list of pages, or a list of alerts.`);
}

const isPage = (value: unknown): value is { value: unknown[] } =>
  typeof value === 'object' && value !== null && 'value' in value && Array.isArray(value.value);

function records(where: string, values: readonly unknown[]): GraphAlert[] {
  return values.map((value, index) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as GraphAlert;
    throw new Error(`${where}, record ${index + 1}: expected an alert, found ${JSON.stringify(value).slice(0, 60)}.`);
  });
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${file}, ${placeOfFault(text)}: not JSON (${why}).`, { cause: error });
  }
}
