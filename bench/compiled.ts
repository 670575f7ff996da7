import { spawn } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { benchFolder } from './bench-database.js';

const root = path.resolve(import.meta.dirname, '..');

/** Compiles the repository, this folder included, as the build does; resolves to where. Types are judged elsewhere. */
export async function compile(): Promise<string> {
  const folder = await benchFolder();
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  const project = path.join(folder, 'tsconfig.json');
  const compilerOptions = { rootDir: root, outDir: folder, sourceMap: false, noCheck: true, typeRoots: [] };
  const include = ['bench/*-process.ts', 'migrations/**/*.ts', 'sandbox/local/*.ts'];
  const settings = {
    extends: path.join(root, 'tsconfig.json'),
    compilerOptions: { ...compilerOptions, types: [] },
    include: include.map((pattern) => path.join(root, pattern)),
    exclude: [],
  };
  await writeFile(project, JSON.stringify(settings));
  await run(path.join(root, 'node_modules/typescript/bin/tsc'), ['-p', project]);
  return folder;
}

function run(script: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`compiling ended with ${code}`))));
  });
}
