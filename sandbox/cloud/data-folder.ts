import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSettingState } from './estate/recorded-compliance.js';
import { isExposure } from './estate/exposure-shapes.js';
import { placeOfFault } from './json-place.js';
import type { MicrosoftRecord, TenantRecords } from './tenants.js';

type Resource = keyof TenantRecords;

/** What a folder of Microsoft-shaped JSON holds; docs/sandbox-data.md describes the form. */
export interface DataFolder extends Required<TenantRecords> {
  /** The files that were read, by name. */
  readonly files: readonly string[];
  /** Other JSON files of the folder, which nobody looked at. */
  readonly ignored: readonly string[];
}

interface Kind {
  readonly resource: Resource;
  /** The beginning of a file name in lower case, without marks and without mde, graph, defender or intune before it. */
  readonly name: RegExp;
  /** What a sentence calls one of its records. */
  readonly word: string;
}

/** The first that fits counts: machineactions is also a beginning with machine. */
const kinds: readonly Kind[] = [
  { resource: 'alerts', name: /^alerts/, word: 'an alert' },
  { resource: 'machineActions', name: /^machineactions?/, word: 'a machine action' },
  {
    resource: 'exposures',
    name: /^(software|machines?)vulnerabilit/,
    word: 'a vulnerability on a machine',
  },
  { resource: 'machines', name: /^machines?/, word: 'a machine' },
  { resource: 'vulnerabilities', name: /^vulnerabilit/, word: 'a vulnerability' },
  { resource: 'managedDevices', name: /^manageddevices?/, word: 'a managed device' },
  { resource: 'compliance', name: /^(device)?compliance/, word: 'a compliance policy or setting state' },
];

/** Resources of Microsoft whose names begin like those above, and that nobody asks the pretend cloud for. */
const notServed = /^(alerts(v2)?comments?|devicecompliance(devicestatus|policy(device|setting)statesummar).*)$/;

function kindOf(fileName: string): Kind | undefined {
  if (!/\.json$/i.test(fileName)) return undefined;
  const bare = fileName
    .toLowerCase()
    .replace(/\.json$/, '')
    .replace(/[^a-z0-9]/g, '');
  const name = bare.replace(/^(mde|graph|defender|intune)/, '');
  return notServed.test(name) ? undefined : kinds.find((kind) => kind.name.test(name));
}

/** Reads a folder for SANDBOX_DATA. Missing files are empty; throws an Error that names file and place. */
export async function loadDataFolder(folder: string): Promise<DataFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`SANDBOX_DATA: the folder ${folder} cannot be read (${code}).`);
  });
  const found: Record<Resource, MicrosoftRecord[]> = {
    alerts: [],
    machines: [],
    vulnerabilities: [],
    exposures: [],
    machineActions: [],
    managedDevices: [],
    compliance: [],
  };
  const files = names.filter((name) => kindOf(name) !== undefined).sort();
  for (const name of files) {
    const kind = kindOf(name);
    if (!kind) continue;
    const file = join(folder, name);
    for (const record of recordsOf(file, await readFile(file, 'utf8'), kind)) {
      found[resourceOf(kind, record)].push(record);
    }
  }
  const ignored = names.filter((name) => /\.json$/i.test(name) && kindOf(name) === undefined).sort();
  return { ...found, files, ignored };
}

/** Files of vulnerabilities are told apart by what is in them: a CVE, or a CVE on a machine. */
function resourceOf({ resource }: Kind, record: MicrosoftRecord): Resource {
  if (resource !== 'vulnerabilities' && resource !== 'exposures') return resource;
  return isExposure(record) || resource === 'exposures' ? 'exposures' : 'vulnerabilities';
}

/** A page, a list of pages, a list of records, or a single record. */
function recordsOf(file: string, text: string, kind: Kind): MicrosoftRecord[] {
  const content = parse(file, text.replace(/^\uFEFF/, ''));
  const pages = Array.isArray(content) ? content : [content];
  const rows = pages.every(isPage)
    ? pages.flatMap((page, index) => records(`${file}, page ${index + 1}`, page.value, kind))
    : Array.isArray(content)
      ? records(file, content, kind)
      : isSingle(content)
        ? [content]
        : undefined;
  if (!rows)
    throw new Error(`${file}: expected a page {"value": [...]}, a list of pages, a list of records, or one record.`);
  if (kind.resource === 'compliance') rows.forEach((row, index) => checkCompliance(file, row, index));
  return rows;
}

const isPage = (value: unknown): value is { value: unknown[] } =>
  typeof value === 'object' && value !== null && 'value' in value && Array.isArray(value.value);

const isSingle = (value: unknown): value is MicrosoftRecord =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';

function records(where: string, values: readonly unknown[], { word }: Kind): MicrosoftRecord[] {
  return values.map((value, index) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as MicrosoftRecord;
    throw new Error(`${where}, record ${index + 1}: expected ${word}, found ${JSON.stringify(value).slice(0, 60)}.`);
  });
}

function isPolicy(record: MicrosoftRecord): boolean {
  const type = record['@odata.type'];
  return typeof type === 'string' ? /CompliancePolicy$/.test(type) : 'displayName' in record && 'version' in record;
}

function checkCompliance(file: string, record: MicrosoftRecord, index: number): void {
  if (isSettingState(record) || isPolicy(record)) return;
  throw new Error(
    `${file}, record ${index + 1}: expected a compliance policy, or the state of a setting with deviceId, settingName and state.`,
  );
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${file}, ${placeOfFault(text)}: not JSON (${why}).`, { cause: error });
  }
}
