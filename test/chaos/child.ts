import { createApp } from '../../app.js';
import { createLogger } from '../../log.js';
import type { TestUrls } from '../helpers/database.js';
import { configOf, localModeAt, scaledLimits } from '../helpers/installation.js';

/** One process of the application, between the pretend services of its parent. Says its address, and runs until it is killed. */
export interface ChildOptions {
  readonly urls: TestUrls;
  readonly cloudUrl: string;
  readonly timeScale: number;
  /** Another loop may take a lane over after so many ms. */
  readonly leaseMs: number;
  readonly logLevel: string;
}

const { urls, cloudUrl, timeScale, leaseMs, logLevel } = JSON.parse(process.argv[2] ?? '') as ChildOptions;
const times = { leaseMs, sendMs: leaseMs / 2, backOffMs: 50, backOffCapMs: 500, pollMs: 250, keepMs: 100 };
const delivery = { limits: scaledLimits(timeScale), times };
const log = createLogger(logLevel, [], process.stderr);
const open = () => Promise.resolve(localModeAt(cloudUrl, delivery));
const app = createApp(configOf(urls, 0.2), log, () => Promise.resolve(open));
process.on('SIGTERM', () => void app.stop().then(() => process.exit(0)));
const { address } = await app.start();
process.stdout.write(`${address}\n`);
